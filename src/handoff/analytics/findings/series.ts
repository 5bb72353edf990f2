import type { AnomalyKind } from '../../../telemetry/catalogue/anomalies.js';
import type { RollupKind } from '../../../telemetry/catalogue/analytics.js';

/** What the minutes of one bucket add up to, by measure. */
export type Sums = Readonly<Record<string, { readonly n: number; readonly total: number } | undefined>>;

/** One bucket of a series. */
export interface Value {
  /** In the unit of the series; `undefined` where nothing was measured. */
  readonly value: number | undefined;
  /** How many calls, rows or samples the value comes from. */
  readonly count: number;
}

/** What a bucket without rows is: a count of 0; a value that is missing, which may be an anomaly; or nothing to be judged. */
export type WithoutRows = 'zero' | 'missing' | 'left_out';

/** A series that is watched: how it is made of rolled-up buckets. */
export interface Series {
  readonly kind: AnomalyKind;
  /** An operation or a metric; '' for everything. */
  readonly subject: string;
  readonly unit: 'ms' | '%' | 'bytes' | '';
  /** What a sentence calls it. */
  readonly title: string;
  readonly source: {
    readonly kind: RollupKind;
    readonly dimension: string;
    /** Values of the dimension that are added up. */
    readonly values: readonly string[];
    readonly measures: readonly string[];
  };
  readonly withoutRows: WithoutRows;
  /** Values of the dimension of which some must have rows, for a bucket without rows to be one whose value is missing. Default: none. */
  readonly missingBeside?: readonly string[];
  /** Called for buckets that have rows. */
  readonly valueOf: (sums: Sums) => Value;
  /** Which calls explain it: operations, of which the slow or the failed ones are kept with their traces. */
  readonly calls?: { readonly operations: readonly string[]; readonly outcome: 'slow' | 'failed' };
}

/** A key that no two series share. */
export function keyOf({ kind, subject }: { readonly kind: string; readonly subject: string }): string {
  return `${kind} ${subject}`;
}

/** The count of some measures together. */
export function countOf(...measures: readonly string[]): Series['valueOf'] {
  return (sums) => {
    const count = measures.reduce((sum, measure) => sum + (sums[measure]?.n ?? 0), 0);
    return { value: count, count };
  };
}

/** The mean of a measure, divided by `divisor`. */
export function meanOf(measure: string, divisor = 1): Series['valueOf'] {
  return (sums) => {
    const { n = 0, total = 0 } = sums[measure] ?? {};
    return { value: n === 0 ? undefined : total / n / divisor, count: n };
  };
}

/** The sum of the values of a measure. */
export function totalOf(measure: string): Series['valueOf'] {
  return (sums) => ({ value: sums[measure]?.total ?? 0, count: sums[measure]?.n ?? 0 });
}

/** The share of some rows in others, in percent. */
export function percentOf(part: string, ...whole: readonly string[]): Series['valueOf'] {
  return (sums) => {
    const count = whole.reduce((sum, measure) => sum + (sums[measure]?.n ?? 0), 0);
    return { value: count === 0 ? undefined : (100 * (sums[part]?.n ?? 0)) / count, count };
  };
}
