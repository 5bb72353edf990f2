import type { Series } from './series.js';
import type { Direction } from './sql/anomalies.js';

/** What a sentence about an anomaly says. */
export interface Described {
  readonly direction: Direction;
  readonly observed: number | null;
  readonly expected: number | null;
  readonly expectedLow: number | null;
  readonly expectedHigh: number | null;
  readonly startedAt: Date;
  readonly detectedAt: Date;
  readonly endedAt: Date | null;
}

const MIB = 1_048_576;

/** One or two sentences for people, without any name that a caller has chosen. */
export function descriptionOf({ title, unit }: Pick<Series, 'title' | 'unit'>, anomaly: Described): string {
  const figure = (value: number): string => figureOf(value, unit);
  const { observed, expected, expectedLow: low, expectedHigh: high } = anomaly;
  if (anomaly.direction === 'missing' || observed === null) {
    const usual = expected === null ? '' : ` Expected was ${figure(expected)}.`;
    const until = anomaly.endedAt === null ? '' : `, until ${anomaly.endedAt.toISOString()}`;
    return `${title}: there is no value for the time of ${anomaly.detectedAt.toISOString()}${until}.${usual}`;
  }
  const times = `from ${anomaly.startedAt.toISOString()}${anomaly.endedAt === null ? ' on' : ` to ${anomaly.endedAt.toISOString()}`}`;
  const band = low === null || high === null ? '' : `, between ${figure(low)} and ${figure(high)} in 98 of 100 cases`;
  const words = { above: 'was unusually high', below: 'was unusually low', unsteady: 'varied or changed unusually' }[anomaly.direction];
  return `${title} ${words} ${times}: ${figure(observed)} at its peak.${expected === null ? '' : ` Expected was ${figure(expected)}${band}.`}`;
}

function figureOf(value: number, unit: Series['unit']): string {
  if (unit === 'bytes') return Math.abs(value) >= MIB ? `${rounded(value / MIB)} MiB` : `${rounded(value)} bytes`;
  return unit === '' ? rounded(value) : `${rounded(value)} ${unit}`;
}

/** To three digits, and whole numbers as they are. */
function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}
