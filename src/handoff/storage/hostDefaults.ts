import { systemClock } from '../../time/clock.js';
import type { DatabaseDeps } from './pooledDatabase.js';

/** What storage needs of a host, with what suits most hosts in place of what it leaves out. */
export function hostDefaults<Given extends Partial<DatabaseDeps>>(given: Given): Given & DatabaseDeps {
  return {
    ...given,
    clock: given.clock ?? systemClock,
    random: given.random ?? Math.random,
    onConnectionLost: given.onConnectionLost ?? (() => undefined),
  };
}
