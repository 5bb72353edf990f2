import type { Measure, Measures } from '../rollups/measure.js';
import { percentileOf } from '../sketches/slots.js';

const PERCENT = 100;

export function countOf(measures: Measures | undefined, name: string): number {
  return measures?.get(name)?.n ?? 0;
}

/** The mean, in the unit of the measure times `factor`; `null` without any value. */
export function averageOf(measures: Measures | undefined, name: string, factor = 1): number | null {
  const measure = measures?.get(name);
  return measure?.total === undefined || measure.n === 0 ? null : (measure.total / measure.n) * factor;
}

/** A percentile within 0.4 %, never outside of what was measured; `null` without any value. */
export function percentileFigure(measure: Measure | undefined, percent: number, factor = 1): number | null {
  const value = measure?.slots === undefined ? undefined : percentileOf(measure.slots, percent);
  if (value === undefined) return null;
  return Math.min(measure?.high ?? value, Math.max(measure?.low ?? value, value)) * factor;
}

/** `part` of `whole` in percent; `null` of nothing. */
export function percentOf(part: number, whole: number): number | null {
  return whole === 0 ? null : (part / whole) * PERCENT;
}
