import type { LevelControl, LeveledLog } from './levels.js';
import { createStructuredLogger } from './structuredLogger.js';
import type { StructuredLogger } from './types.js';

/** The structured logger of `log`, which can also change its levels. */
export function loggerWithLevels(log: LeveledLog): StructuredLogger & LevelControl {
  return {
    ...createStructuredLogger(log),
    levels: () => log.levels(),
    setLevels: (levels) => log.setLevels(levels),
    setLevel: (component, level) => log.setLevel(component, level),
  };
}
