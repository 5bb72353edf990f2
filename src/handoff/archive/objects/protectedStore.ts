import type { Degradations } from '../../resilience/degradations.js';
import type { MakeGuard } from '../../storage/guard.js';
import { errorType } from '../../../telemetry/errorType.js';
import type { ObjectStore } from './objectStore.js';
import { policedStore } from './policedStore.js';
import { watchedStore } from './watchedStore.js';

/** A store under its policies, if there are any, with a note for as long as it takes no objects. */
export function protectedStore(store: ObjectStore, makeGuard: MakeGuard | undefined, degradations: Degradations): ObjectStore {
  const watched = watchedStore(store, (failure) => {
    if (failure === undefined) degradations.restore('archive', 'store');
    else degradations.degrade('archive', 'store', errorType(failure.error));
  });
  return makeGuard === undefined ? watched : policedStore(watched, makeGuard);
}
