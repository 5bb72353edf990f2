import type { MetricDefinition } from '../../../src/telemetry/catalogue/definitions.js';
import { knownSeries } from '../names/known.js';
import { selector } from '../names/selectors.js';
import type { Matcher } from '../names/selectors.js';
import { bucketSeries, countSeries, labelName, sumSeries } from '../names/series.js';

/** Grafana's own choice: at least four times the interval at which points arrive. */
const RATE_INTERVAL = '$__rate_interval';

/** Returns the increase per second of a counter, or of a part of a histogram. Throws for anything else, whose rate means nothing. */
export function rate(series: string, matchers: readonly Matcher[] = [], range = RATE_INTERVAL): string {
  return over('rate', series, matchers, range);
}

/** Returns by how much a counter, or a part of a histogram, has grown. Throws for anything else. */
export function increase(series: string, matchers: readonly Matcher[], range: string): string {
  return over('increase', series, matchers, range);
}

/** Returns a sum over all series, or one for each value of the attributes `by`. */
export function sum(expr: string, by: readonly string[] = []): string {
  return aggregated('sum', expr, by);
}

export function aggregated(operator: 'sum' | 'max' | 'min' | 'avg' | 'count', expr: string, by: readonly string[] = []): string {
  return by.length === 0 ? `${operator}(${expr})` : `${operator} by (${by.map(labelName).join(', ')}) (${expr})`;
}

/** Returns a quantile of a histogram of the catalogue. */
export function quantile(q: number, metric: MetricDefinition, matchers: readonly Matcher[], by: readonly string[] = []): string {
  return `histogram_quantile(${q}, ${sum(rate(bucketSeries(metric), matchers), ['le', ...by])})`;
}

/** Returns the mean of the values that a histogram got. */
export function mean(metric: MetricDefinition, matchers: readonly Matcher[], by: readonly string[] = []): string {
  return share(sum(rate(sumSeries(metric), matchers), by), sum(rate(countSeries(metric), matchers), by));
}

/** Returns a share. Where there is nothing to divide by, there is no value, and the panel says so. */
export function share(part: string, whole: string): string {
  return `${part} / (${whole} > 0)`;
}

/** Returns `part`, and 0 for each series of `whole` that has no part: a series of failures only begins with the first failure. */
export function orNone(part: string, whole: string): string {
  return `(${part} or ${whole} * 0)`;
}

/** Returns a sum that is 0 while its series do not exist yet. */
export function orZero(expr: string): string {
  return `(${expr} or vector(0))`;
}

function over(operator: 'rate' | 'increase', series: string, matchers: readonly Matcher[], range: string): string {
  const known = knownSeries.get(series);
  if (known !== undefined && known.kind !== 'counter' && known.part === 'whole') {
    throw new TypeError(`${series} is a ${known.kind}: ${operator}() means nothing for it.`);
  }
  return `${operator}(${selector(series, matchers)}[${range}])`;
}
