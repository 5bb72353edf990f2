import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import type * as Cockatiel from 'cockatiel';
import { NotificationError } from '../../errors/notificationError.js';
import { suppressTracing } from '../../logging/suppression.js';
import type { AlertDelivery, AlertTargetKind } from '../../telemetry/catalogue/alerts.js';
import { postJson } from './postJson.js';
import type { Post } from './postJson.js';

/** Pauses between the attempts at one request, in milliseconds; each is drawn at random up to three times the one before. */
export interface RetryPauses {
  readonly firstMs: number;
  readonly longestMs: number;
  readonly repetitions: number;
}

export interface DeliveryDependencies {
  /** The library that repeats; it is an optional package, and without it there is one attempt. */
  readonly loadCockatiel: () => Promise<typeof Cockatiel>;
  /** Told what became of each request. Must not throw. */
  readonly onDelivery: (target: AlertTargetKind, delivery: AlertDelivery, error?: unknown) => void;
  /** Ends the pauses and the attempts. */
  readonly signal: AbortSignal;
}

/** Sends a request, again after a failure that may pass. Resolves with whether it was taken; never rejects. */
export type Deliver = (post: () => Promise<Post>) => Promise<boolean>;

/** Requests to one target go through one of these, in no trace. */
export function createDelivery(target: AlertTargetKind, pauses: RetryPauses, deps: DeliveryDependencies): Deliver {
  let policy: Promise<Cockatiel.RetryPolicy | undefined> | undefined;
  return (post) =>
    context.with(suppressTracing(ROOT_CONTEXT), async () => {
      policy ??= retryPolicy(pauses, deps);
      const retry = await policy;
      const attempt = async (): Promise<void> => postJson(await post());
      try {
        await (retry === undefined ? attempt() : retry.execute(attempt, deps.signal));
        deps.onDelivery(target, 'delivered');
        return true;
      } catch (error) {
        deps.onDelivery(target, 'failed', error);
        return false;
      }
    });
}

async function retryPolicy(
  { firstMs, longestMs, repetitions }: RetryPauses,
  { loadCockatiel }: DeliveryDependencies,
): Promise<Cockatiel.RetryPolicy | undefined> {
  try {
    const cockatiel = await loadCockatiel();
    const { handleWhen, retry, ExponentialBackoff, decorrelatedJitterGenerator } = cockatiel;
    const backoff = new ExponentialBackoff({ generator: decorrelatedJitterGenerator, initialDelay: firstMs, maxDelay: longestMs });
    const isPassing = handleWhen((error) => error instanceof NotificationError && error.data.isPassing);
    // A process that has nothing else to do does not wait for the next attempt.
    return retry(isPassing, { maxAttempts: repetitions, backoff }).dangerouslyUnref();
  } catch {
    return undefined;
  }
}
