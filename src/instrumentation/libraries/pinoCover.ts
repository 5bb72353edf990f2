import type { PinoSubscription } from '../logs/pino/pinoChannel.js';
import type { CoverClass } from './coverage.js';

/** Covers pino: by its channel from 9.10 on; before, by a patch of the prototype that all loggers of a copy share. */
export function coverPino(subscription: PinoSubscription): CoverClass {
  return (target) => {
    const { way, undo } = subscription.cover(target);
    return { coverage: () => way, undo };
  };
}
