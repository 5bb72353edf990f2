import { fires, firesSomehow, silent } from './proof.js';
import type { Proof, Situation } from './proof.js';
import { HOUR, counting, firing, ofLevel } from './serviceLevel.js';
import type { Phase, ServiceLevel } from './serviceLevel.js';

/** Distances of samples and evaluations: finer ones show nothing more and take minutes. */
const STEP = 5;
const LONG_STEP = 15;

/** The ticket: 3 times the budget in a day and in two hours, or just the budget in three days and in six hours. */
export function burnsSlowly(level: ServiceLevel): Proof[] {
  const proof = { ...ofLevel, alert: `${level.stem}BurnsSlowly`, severity: 'ticket' } as const;
  return [
    { ...proof, evaluatedEachMinutes: STEP, situations: hours(level) },
    { ...proof, evaluatedEachMinutes: LONG_STEP, situations: days(level) },
  ];
}

function hours(level: ServiceLevel): Situation[] {
  const daily = 3 * level.budget;
  const end = 24 * HOUR;
  const over: readonly Phase[] = [
    [8 * HOUR, 0],
    [16 * HOUR, (25 / 12) * daily],
    [7 * HOUR, 0],
  ];
  const situations: Situation[] = [
    {
      name: 'just above three times the budget, from the beginning',
      samples: counting(level, [[4 * HOUR, daily * 1.01]], STEP),
      at: [silent(10), fires(3 * HOUR, ...['1d', '3d'].map((window) => firing(level, window, daily * 1.01)))],
    },
    {
      name: 'just below three times the budget, from the beginning',
      samples: counting(level, [[4 * HOUR, daily * 0.99]], STEP),
      at: [fires(3 * HOUR, firing(level, '3d', daily * 0.99))],
    },
    {
      name: 'six times the budget for sixteen hours, and then it is over',
      samples: counting(level, over, STEP),
      at: [firesSomehow(end + 50, 2), firesSomehow(end + 70), firesSomehow(end + 285), silent(end + 310)],
    },
    {
      name: 'just below the budget',
      samples: counting(level, [[4 * HOUR, level.budget * 0.99]], STEP),
      at: [silent(3 * HOUR)],
    },
    { name: 'four bad events in a day', samples: level.samples('_x20 6x100', '_x20 4x100', '_x20 2x100'), at: [silent(160), silent(300)] },
    { name: 'five bad events in a day', samples: level.samples('_x20 6x100', '_x20 5x100', '_x20 1x100'), at: [firesSomehow(180, 2)] },
    { name: 'there are no such series', samples: {}, at: [silent(100)] },
  ];
  return situations.map((situation) => ({ ...situation, stepMinutes: STEP }));
}

function days(level: ServiceLevel): Situation[] {
  const daily = 3 * level.budget * 1.01;
  const budget = level.budget * 1.01;
  const threeDays = 74 * HOUR;
  const secondDay: readonly Phase[] = [
    [26 * HOUR, 0],
    [27 * HOUR, daily],
  ];
  const secondThree: readonly Phase[] = [
    [threeDays, 0],
    [threeDays + HOUR, budget],
  ];
  return [
    {
      name: 'a clean day, then a day just above three times the budget',
      samples: counting(level, secondDay, LONG_STEP),
      stepMinutes: LONG_STEP,
      at: [firesSomehow(46 * HOUR), firesSomehow(51.5 * HOUR, 2)],
    },
    {
      name: 'three clean days, then three days just above the budget',
      samples: counting(level, secondThree, LONG_STEP),
      stepMinutes: LONG_STEP,
      at: [silent(threeDays + 68 * HOUR), fires(threeDays + 74 * HOUR, firing(level, '3d', budget))],
    },
  ];
}
