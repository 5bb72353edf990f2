import type { Attributes } from '@opentelemetry/api';
import type { DataPoint, ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import { isExponential } from '../sdk/dataPointTypes.js';
import type { Exemplar, PointExemplars } from '../exemplars/exemplarsOf.js';
import { explicitBuckets } from './exponentialBuckets.js';
import { sampleNames } from './families.js';
import type { Family, MetricPoint, Series } from './families.js';
import { attributeLabels, joined, label } from './labels.js';
import { mergedHistograms } from './mergedHistograms.js';
import type { PromFormat } from './negotiate.js';
import { canonicalBound, sampleValue } from './numbers.js';

const TOTAL = '_total';
/** OpenMetrics' family of `target_info`. */
const TARGET = 'target';

/** Returns families as Prometheus text 0.0.4 or OpenMetrics text 1.0.0, with the resource as `target_info`. */
export function exposition(families: readonly Family[], resource: Attributes, format: PromFormat, exemplars: PointExemplars): string {
  const page = new Page(format === 'openmetrics', new Set(['target_info', ...families.flatMap(sampleNames)]), exemplars);
  page.target(attributeLabels(resource));
  for (const family of families) page.family(family);
  return page.text();
}

class Page {
  readonly #isOpen: boolean;
  /** Names that no other family may have. */
  readonly #names: Set<string>;
  readonly #exemplars: PointExemplars;
  readonly #lines: string[] = [];

  constructor(isOpen: boolean, names: Set<string>, exemplars: PointExemplars) {
    this.#isOpen = isOpen;
    this.#names = names;
    this.#exemplars = exemplars;
  }

  /** `_created` samples are left out: most scrapers would make each a series of its own, and no other path has them. */
  text(): string {
    if (this.#isOpen) this.#lines.push('# EOF');
    return `${this.#lines.join('\n')}\n`;
  }

  target(labels: string): void {
    if (this.#isOpen && !this.#names.has(TARGET)) this.#describe(TARGET, 'info', 'Target metadata', '');
    else this.#describe('target_info', 'gauge', 'Target metadata', '');
    this.#sample('target_info', labels, 1);
  }

  family(family: Family): void {
    const { name, type, unit } = family;
    const isExponentialOne = [...family.series.values()].some(({ points }) => points.some(({ metric }) => isExponential(metric)));
    const help = isExponentialOne ? `${family.help} (exponential histogram, shown with buckets at powers of two)`.trimStart() : family.help;
    if (type === 'counter' && this.#isOpen) {
      // OpenMetrics names the family without `_total`. Where that name is taken, or a host counted NaN, which no counter may be, an
      // untyped family keeps the name of the series.
      const base = name.slice(0, -TOTAL.length);
      const isFree =
        base !== '' &&
        base !== TARGET &&
        name.endsWith(TOTAL) &&
        !this.#names.has(base) &&
        !this.#names.has(`${base}_created`) &&
        [...family.series.values()].every((series) => !Number.isNaN(valueOf(series)));
      if (isFree) this.#names.add(base).add(`${base}_created`);
      this.#describe(isFree ? base : name, isFree ? 'counter' : 'unknown', help, unit);
      for (const series of family.series.values()) this.#number(name, series, isFree);
      return;
    }
    this.#describe(name, type, help, unit);
    for (const series of family.series.values()) {
      if (type === 'histogram') this.#histogram(name, series);
      else this.#number(name, series, false);
    }
  }

  #describe(name: string, type: string, help: string, unit: string): void {
    const text = (help === '' ? 'description missing' : help).replace(/[\\\n]/g, (character) => (character === '\n' ? '\\n' : '\\\\'));
    // Quotes are escaped in OpenMetrics only.
    this.#lines.push(`# HELP ${name} ${this.#isOpen ? text.replaceAll('"', '\\"') : text}`);
    // OpenMetrics demands that the name end in its unit; the older format has no units.
    if (this.#isOpen && unit !== '' && name.endsWith(`_${unit}`)) this.#lines.push(`# UNIT ${name} ${unit}`);
    this.#lines.push(`# TYPE ${name} ${type}`);
  }

  #number(name: string, series: Series, hasExemplar: boolean): void {
    this.#sample(name, series.labels, valueOf(series), hasExemplar ? this.#exemplarsOf(series).at(-1) : undefined);
  }

  #histogram(name: string, series: Series): void {
    const { labels } = series;
    const [first, ...others] = series.points.map(explicitHistogram);
    if (first === undefined) return;
    const { buckets, count, sum } = others.length === 0 ? first : mergedHistograms([first, ...others]);
    const exemplars = this.#isOpen ? this.#exemplarsOf(series) : [];
    const bounds = buckets.boundaries.filter((bound) => bound !== Infinity);
    let below = -Infinity;
    let total = 0;
    for (const [index, bound] of [...bounds, Infinity].entries()) {
      total = bound === Infinity ? count : total + (buckets.counts[index] ?? 0);
      const lower = below;
      const exemplar = exemplars.findLast((one) => one.value > lower && one.value <= bound);
      this.#sample(`${name}_bucket`, joined(labels, label('le', this.#bound(bound))), total, exemplar);
      below = bound;
    }
    // OpenMetrics allows no sum beside bounds below 0, and no count without a sum; strict readers refuse the whole page.
    const hasSum = sum !== undefined && (!this.#isOpen || (bounds[0] ?? 0) >= 0);
    if (hasSum) this.#sample(`${name}_sum`, labels, sum);
    if (hasSum || !this.#isOpen) this.#sample(`${name}_count`, labels, count);
  }

  /** The latest comes last. */
  #exemplarsOf({ points }: Series): readonly Exemplar[] {
    const found = points.map(({ point }) => this.#exemplars.get(point) ?? []);
    return found.length === 1 ? (found[0] ?? []) : found.flat().toSorted((a, b) => a.timeMs - b.timeMs);
  }

  #bound(bound: number): string {
    if (bound === Infinity) return '+Inf';
    return this.#isOpen ? canonicalBound(bound) : String(bound);
  }

  #sample(name: string, labels: string, value: number, exemplar?: Exemplar): void {
    const inBraces = labels === '' ? '' : `{${labels}}`;
    this.#lines.push(`${name}${inBraces} ${sampleValue(value)}${exemplar === undefined ? '' : exemplarText(exemplar)}`);
  }
}

function valueOf({ points }: Series): number {
  return points.reduce((sum, { point }) => sum + (point as DataPoint<number>).value, 0);
}

function explicitHistogram({ metric, point: { value } }: MetricPoint): Histogram {
  return isExponential(metric) ? explicitBuckets(value as ExponentialHistogram) : (value as Histogram);
}

function exemplarText({ traceId, spanId, value, timeMs }: Exemplar): string {
  const ids = joined(traceId === undefined ? '' : label('trace_id', traceId), spanId === undefined ? '' : label('span_id', spanId));
  return ` # {${ids}} ${sampleValue(value)} ${(timeMs / 1000).toFixed(3)}`;
}
