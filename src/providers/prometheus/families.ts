import type { InstrumentationScope } from '@opentelemetry/core';
import type { DataPoint, MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { promName, promUnit } from '../../telemetry/promName.js';
import type { PromKind } from '../../telemetry/promName.js';
import { isExponential, isHistogram, isSum } from '../dataPointTypes.js';
import { HISTOGRAM_LABELS, SCOPE_LABELS, attributeLabels, joined, scopeLabels } from './labels.js';

export type FamilyType = 'counter' | 'histogram' | 'gauge';

/** One time series, or the series of one histogram. */
export interface Series {
  /** The inside of `{…}`. */
  readonly labels: string;
  readonly metric: MetricData;
  readonly point: DataPoint<unknown>;
}

/** What has one name and type, from whichever scopes: the formats want it in one place. */
export interface Family {
  /** Of its samples; a histogram's add `_bucket`, `_sum` and `_count`. */
  name: string;
  readonly type: FamilyType;
  help: string;
  unit: string;
  /** By their labels. */
  readonly series: Map<string, Series>;
}

/** Told what is not shown as it was made, and why. */
export type Complain = (complaint: string) => void;

/** In case of doubt the earlier type keeps the name: `_total` belongs to counters. Not by age, or a restart could swap them. */
const RANKS: readonly FamilyType[] = ['counter', 'histogram', 'gauge'];

/** Sorts what was collected into families, under the names the collector path gives them. Every series is in one. */
export function familiesOf({ scopeMetrics }: ResourceMetrics, complain: Complain): Family[] {
  const families = new Map<string, Family>();
  for (const { scope, metrics } of scopeMetrics) {
    for (const metric of metrics) {
      const { name, unit, description } = metric.descriptor;
      const kind = kindOf(metric);
      const type = kind === 'upDownCounter' ? 'gauge' : kind;
      const key = `${type} ${promName(name, unit, kind)}`;
      const family = families.get(key) ?? { name: promName(name, unit, kind), type, help: '', unit: '', series: new Map<string, Series>() };
      families.set(key, family);
      family.help ||= description;
      family.unit ||= promUnit(unit);
      addSeries(family, scope, metric, complain);
    }
  }
  const named = [...families.values()].filter(({ name }) => /[^_]/.test(name));
  separate(named, complain);
  return named;
}

function addSeries(family: Family, scope: InstrumentationScope, metric: MetricData, complain: Complain): void {
  const ofScope = scopeLabels(scope);
  for (const point of metric.dataPoints) {
    const labels = joined(attributeLabels(point.attributes, family.type === 'histogram' ? HISTOGRAM_LABELS : SCOPE_LABELS), ofScope);
    const known = family.series.get(labels);
    if (known === undefined) family.series.set(labels, { labels, metric, point });
    else if (known.metric !== metric) complain(`metrics ${known.metric.descriptor.name} and ${metric.descriptor.name} of ${scope.name} are one series in Prometheus, ${family.name}; only the first is shown.`);
  }
}

/** Gives a name of its own to every family whose samples would be taken for those of another. */
function separate(families: readonly Family[], complain: Complain): void {
  const taken = new Set(['target_info']);
  for (const family of families.toSorted((a, b) => RANKS.indexOf(a.type) - RANKS.indexOf(b.type) || (a.name < b.name ? -1 : 1))) {
    const { name } = family;
    while (sampleNames(family).some((sample) => taken.has(sample))) family.name += `_${family.type}`;
    if (family.name !== name) complain(`the ${family.type} ${name} has the name of another metric in Prometheus; it is shown as ${family.name}.`);
    for (const sample of sampleNames(family)) taken.add(sample);
  }
}

/** All names that are a family's in either format, but for a counter's short one. */
export function sampleNames({ name, type }: Family): string[] {
  return type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`, `${name}_created`] : [name];
}

function kindOf(metric: MetricData): PromKind {
  if (isHistogram(metric) || isExponential(metric)) return 'histogram';
  if (!isSum(metric)) return 'gauge';
  return metric.isMonotonic ? 'counter' : 'upDownCounter';
}
