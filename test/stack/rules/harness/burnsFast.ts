import { fires, firesSomehow, silent } from './proof.js';
import type { Proof, Samples, Situation } from './proof.js';
import { HOUR, counting, firing, ofLevel } from './serviceLevel.js';
import type { ServiceLevel } from './serviceLevel.js';

/** The page: 14.4 times the budget in an hour and in five minutes, or 6 times in six hours and in half an hour. */
export function burnsFast(level: ServiceLevel): Proof[] {
  const proof = { ...ofLevel, alert: `${level.stem}BurnsFast`, severity: 'page' } as const;
  return [
    { ...proof, situations: [...anHour(level), ...littleTraffic(level), ...unusualSeries(level)] },
    { ...proof, evaluatedEachMinutes: STEP, situations: sixHours(level) },
  ];
}

/** Distance of samples where hours are looked at: a minute would take minutes. */
const STEP = 5;

function anHour(level: ServiceLevel): Situation[] {
  const limit = 14.4 * level.budget;
  const [above, below] = [limit * 1.01, limit * 0.99];
  // Long enough that six hours are still below their own limit.
  const start = 140;
  const clean = [start, 0] as const;
  // Twice what is allowed, for as long as it takes; everything, where twice is more than everything.
  const burst = Math.min((25 / 12) * limit, 1);
  const minutes = burst === 1 ? 50 : 33;
  const end = start + minutes;
  // The five minutes are below the limit again after three minutes, or after two; then the alert is kept for five.
  const resolved = burst === 1 ? end + 7 : end + 8;
  return [
    {
      name: 'for an hour just above the limit of an hour',
      samples: counting(level, [clean, [70, above]]),
      at: [silent(start + 55), fires(start + 66, firing(level, '1h', above))],
    },
    { name: 'for an hour just below it', samples: counting(level, [clean, [75, below]]), at: [silent(start + 66), silent(start + 74)] },
    {
      name: 'twice that, and then it is over',
      samples: counting(level, [clean, [minutes, burst], [20, 0]]),
      at: [firesSomehow(end - 1), firesSomehow(resolved - 2), silent(resolved)],
    },
  ];
}

function sixHours(level: ServiceLevel): Situation[] {
  const limit = 6 * level.budget;
  const [above, below] = [limit * 1.01, limit * 0.99];
  const clean = [6 * HOUR, 0] as const;
  const start = 6 * HOUR;
  const end = start + 5 * HOUR;
  return [
    {
      name: 'for six hours just above the limit of six hours',
      samples: counting(level, [clean, [7 * HOUR, above]], STEP),
      stepMinutes: STEP,
      at: [silent(start + 345), fires(start + 380, firing(level, '6h', above))],
    },
    {
      name: 'for six hours just below it',
      samples: counting(level, [clean, [7 * HOUR, below]], STEP),
      stepMinutes: STEP,
      at: [silent(start + 380), silent(start + 415)],
    },
    {
      name: 'half as much again for five hours, and then it is over',
      samples: counting(level, [clean, [5 * HOUR, 1.45 * limit], [60, 0]], STEP),
      stepMinutes: STEP,
      // Half an hour is below the limit again after ten minutes; then the alert is kept for five.
      at: [firesSomehow(end - STEP), firesSomehow(end + 10), silent(end + 15)],
    },
  ];
}

/** A process that has just started: `increase()` alone would see nothing. */
function littleTraffic(level: ServiceLevel): Situation[] {
  const appear = (all: number, bad: number): Samples =>
    level.samples(`_x70 ${String(all)}x20`, `_x70 ${String(bad)}x20`, `_x70 ${String(all - bad)}x20`);
  const windows = ['1h', '6h'].map((window) => firing(level, window, 5 / 6));
  return [
    { name: 'five of the six events of a new process are bad', samples: appear(6, 5), at: [silent(71), fires(72, ...windows)] },
    { name: 'four of four are bad', samples: appear(4, 4), at: [silent(72), silent(74)] },
    { name: 'none is bad', samples: appear(500, 0), at: [silent(72), silent(74)] },
    { name: 'none is bad, and there is no series of bad ones', samples: level.withoutBad('_x70 500x20'), at: [silent(72), silent(74)] },
  ];
}

function unusualSeries(level: ServiceLevel): Situation[] {
  return [
    {
      name: 'the process starts again at zero',
      samples: level.samples('9000x80 0x20', '8000x80 0x20', '1000x80 0x20'),
      at: [silent(79), silent(84), silent(95)],
    },
    { name: 'nothing happens', samples: level.samples('900x200', '800x200', '100x200'), at: [silent(75), silent(190)] },
    { name: 'there are no such series', samples: {}, at: [silent(100)] },
  ];
}
