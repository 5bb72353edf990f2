import type { RollupKind } from '../../../src/telemetry/catalogue/analytics.js';
import type { RollupQuery } from '../panels/spec.js';

/** One number of the buckets of a kind, as docs/analytics.md names its measures. */
export interface Measure {
  readonly kind: RollupKind;
  readonly name: string;
  /** A count is `n`; `total` is the sum of the values. */
  readonly part: 'n' | 'total' | 'high';
}

export function count(kind: RollupKind, name: string): Measure {
  return { kind, name, part: 'n' };
}

export function total(kind: RollupKind, name: string): Measure {
  return { kind, name, part: 'total' };
}

/** Values of a dimension on a chart; a table has more. */
const MOST_LINES = 10;
const MOST_ROWS = 50;
const SECONDS_PER_DAY = 86_400;
/** Up to here hours are shown; for longer ranges days, which are kept for ever. */
const MOST_DAYS_BY_HOUR = 14;

/** Days, or hours for a short range. Grafana puts in two numbers, so that the database knows the size before it plans. */
const SIZE = `CASE WHEN $__unixEpochTo() - $__unixEpochFrom() > ${MOST_DAYS_BY_HOUR * SECONDS_PER_DAY} THEN 'day' ELSE 'hour' END`;

/** Totals over time, one line for each name. Parts in which nothing of the kind happened have no point. */
export function totalsOverTime(measures: Readonly<Record<string, Measure>>): readonly RollupQuery[] {
  return Object.entries(measures).map(([name, measure]) =>
    lines(`SELECT time_bucket AS "time", '${name}' AS metric, ${sum(measure)} AS value
${from(measure.kind, '')}
GROUP BY time_bucket ORDER BY 1`),
  );
}

/** The quotient of two sums over time, times `factor`; of the same kind. */
export function quotientOverTime(name: string, dividend: readonly Measure[], divisor: readonly Measure[], factor = 1): RollupQuery {
  return lines(`SELECT time_bucket AS "time", '${name}' AS metric, ${quotient(dividend, divisor, factor)} AS value
${from(kindOf([...dividend, ...divisor]), '')}
GROUP BY time_bucket ORDER BY 1`);
}

/** One measure by the values of a dimension over time, the ten with most. */
export function groupsOverTime(measure: Measure, dimension: string): RollupQuery {
  return lines(`SELECT b.time_bucket AS "time", b.dimension_value AS metric, ${sum(measure, 'b.')} AS value
${from(measure.kind, dimension, 'b')}
  AND b.dimension_value IN (
    SELECT dimension_value
    ${from(measure.kind, dimension).replaceAll('\n', '\n    ')}
    GROUP BY 1 ORDER BY ${sum(measure)} DESC NULLS LAST LIMIT ${MOST_LINES})
GROUP BY b.time_bucket, b.dimension_value ORDER BY 1`);
}

/** The mean of the values of a dimension over time; those that are named, all without. */
export function meansOverTime(kind: RollupKind, name: string, dimension: string, values: readonly string[], factor = 1): RollupQuery {
  return lines(`SELECT time_bucket AS "time", dimension_value AS metric, ${quotient([total(kind, name)], [count(kind, name)], factor)} AS value
${from(kind, dimension)}
  AND dimension_value IN (${values.map((value) => `'${value}'`).join(', ')})
GROUP BY time_bucket, dimension_value ORDER BY 1`);
}

/** One number for the whole range. */
export function figureOf(measure: Measure): RollupQuery {
  return table(`SELECT ${sum(measure)} AS value\n${from(measure.kind, '')}`);
}

/** The quotient of two sums of the whole range, times `factor`. */
export function figureOfQuotient(dividend: readonly Measure[], divisor: readonly Measure[], factor = 1): RollupQuery {
  return table(`SELECT ${quotient(dividend, divisor, factor)} AS value\n${from(kindOf([...dividend, ...divisor]), '')}`);
}

/** Sums of the whole range, a row for each value of a dimension and a column for each name. */
export function groupTable(heading: string, dimension: string, columns: Readonly<Record<string, Measure>>): RollupQuery {
  const measures = Object.values(columns);
  const selected = Object.entries(columns).map(([name, measure]) => `${sum(measure)} AS "${name}"`);
  return table(`SELECT dimension_value AS "${heading}", ${selected.join(', ')}
${from(kindOf(measures), dimension)}
GROUP BY dimension_value ORDER BY 2 DESC NULLS LAST LIMIT ${MOST_ROWS}`);
}

function lines(expr: string): RollupQuery {
  return { source: 'postgres', expr, format: 'time_series' };
}

function table(expr: string): RollupQuery {
  return { source: 'postgres', expr, format: 'table' };
}

/** The buckets of one dimension in the range of the board, by the columns of the key in their order. */
function from(kind: RollupKind, dimension: string, alias?: string): string {
  const of = alias === undefined ? '' : `${alias}.`;
  return `FROM analytics_buckets${alias === undefined ? '' : ` ${alias}`}
WHERE ${of}aggregation_type = '${kind}' AND ${of}granularity = ${SIZE}
  AND ${of}dimension = '${dimension}' AND $__timeFilter(${of}time_bucket)`;
}

function sum({ name, part }: Measure, of = ''): string {
  return `sum((${of}aggregation_data #>> '{${name},${part}}')::float8)`;
}

function quotient(dividend: readonly Measure[], divisor: readonly Measure[], factor: number): string {
  const added = (measures: readonly Measure[]): string => measures.map((measure) => `COALESCE(${sum(measure)}, 0)`).join(' + ');
  return `(${added(dividend)}) * ${factor} / NULLIF(${added(divisor)}, 0)`;
}

/** One statement reads the buckets of one kind. */
function kindOf(measures: readonly Measure[]): RollupKind {
  const kinds = new Set(measures.map(({ kind }) => kind));
  const [kind] = kinds;
  if (kind === undefined || kinds.size > 1) throw new TypeError(`Measures of one kind are needed, not of ${[...kinds].join(', ')}.`);
  return kind;
}
