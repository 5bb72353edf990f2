import type { Clock } from '../../../time/clock.js';
import type { Degradations } from '../../resilience/degradations.js';
import type { MakeGuard } from '../../storage/guard.js';
import { errorType } from '../../../telemetry/errorType.js';
import { limitedStore } from './limitedStore.js';
import type { ObjectStore } from './objectStore.js';
import { policedStore } from './policedStore.js';
import { watchedStore } from './watchedStore.js';

/**
 * How long a failure to store an object counts, if this process stores none afterwards: two intervals of the job that does it. Another
 * process may have stored that object since, and nothing else may be due.
 */
const LAPSE_MS = 7_200_000;

export interface StoreProtection {
  readonly makeGuard: MakeGuard | undefined;
  readonly degradations: Pick<Degradations, 'watch'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** A store whose operations end, under its policies, if there are any, with a note for as long as it takes no objects. */
export function protectedStore(store: ObjectStore, { makeGuard, degradations, clock }: StoreProtection): ObjectStore {
  let refused: { readonly reason: string; readonly atMs: number } | undefined;
  degradations.watch('archive', 'store', () =>
    refused !== undefined && clock.monotonicMs() - refused.atMs < LAPSE_MS ? refused.reason : undefined,
  );
  const watched = watchedStore(limitedStore(store), (failure) => {
    refused = failure === undefined ? undefined : { reason: errorType(failure.error), atMs: clock.monotonicMs() };
  });
  return makeGuard === undefined ? watched : policedStore(watched, makeGuard);
}
