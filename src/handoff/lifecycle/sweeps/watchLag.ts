import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { suppressTracing } from '../../../logging/suppression.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { laggingSweeps, recordLag } from './lag.js';
import type { Lag } from './lag.js';

const LOOK_MS = 60_000;

/** For how long due sessions have waited. */
export interface LagWatch {
  /** Reads it now, for a check of health, and records it. In no trace. Rejects as the database does. */
  readLag(): Promise<Lag>;
  /** Records it at once and then at least every minute, until the signal is aborted. Never rejects. */
  watchLag(signal: AbortSignal): Promise<void>;
}

/**
 * Sweeps measure their lag too, but only where they come to their end: one that fails, that cannot keep up or that does not run at all
 * would tell nothing. Every process looks, so that none goes on telling what was true hours ago, when it swept last. What a check of health
 * has read meanwhile is not read a second time.
 */
export function createLagWatch(deps: LifecycleDependencies): LagWatch {
  const { clock } = deps;
  let readMs = -Infinity;
  const readLag = async (): Promise<Lag> => {
    const lag = await context.with(suppressTracing(ROOT_CONTEXT), () => recordLag(deps, ...laggingSweeps));
    readMs = clock.monotonicMs();
    return lag;
  };
  return {
    readLag,
    watchLag: async (signal) => {
      while (!signal.aborted) {
        // A database that is away has alerts of its own; the next look may find it.
        if (clock.monotonicMs() - readMs >= LOOK_MS) await readLag().catch(() => undefined);
        const ageMs = clock.monotonicMs() - readMs;
        await clock.sleep(ageMs < LOOK_MS ? LOOK_MS - ageMs : LOOK_MS, { signal, unref: true }).catch(() => undefined);
      }
    },
  };
}
