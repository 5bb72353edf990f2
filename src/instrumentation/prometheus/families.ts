import type { InstrumentationScope } from '@opentelemetry/core';
import type { DataPoint, MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { promName, promUnit } from '../../telemetry/promName.js';
import type { PromKind } from '../../telemetry/promName.js';
import { isExponential, isHistogram, isSum } from '../sdk/dataPointTypes.js';
import type { Complain } from './complaints.js';
import { HISTOGRAM_LABELS, SCOPE_LABELS, attributeLabels, joined, scopeLabels } from './labels.js';

export type FamilyType = 'counter' | 'histogram' | 'gauge';

export interface MetricPoint {
  readonly metric: MetricData;
  readonly point: DataPoint<unknown>;
}

/** One time series, or the series of one histogram. */
export interface Series {
  /** The inside of `{…}`. */
  readonly labels: string;
  /** To be added up: points whose attributes differ in what labels cannot say (`200` and `'200'`) have the same labels. At least one. */
  readonly points: MetricPoint[];
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
  const named = [...families].flatMap(([key, family]) => {
    if (/[^_]/.test(family.name)) return [family];
    complain(`a ${key.trim()} has no character in its name that Prometheus allows; it is not shown there.`, true);
    return [];
  });
  separate(named, complain);
  return named;
}

function addSeries(family: Family, scope: InstrumentationScope, metric: MetricData, complain: Complain): void {
  const ofScope = scopeLabels(scope);
  const { name } = metric.descriptor;
  const reserved = family.type === 'histogram' ? HISTOGRAM_LABELS : SCOPE_LABELS;
  const leftOut = (key: string): void =>
    complain(
      `the attribute ${key} of ${name} is not shown: Prometheus has another use for a label of its name. Values that only it tells apart are added up.`,
    );
  for (const point of metric.dataPoints) {
    const labels = joined(attributeLabels(point.attributes, reserved, leftOut), ofScope);
    const known = family.series.get(labels);
    const [first] = known?.points ?? [];
    if (known === undefined || first === undefined) family.series.set(labels, { labels, points: [{ metric, point }] });
    else if (first.metric.descriptor.name !== name)
      complain(
        `metrics ${first.metric.descriptor.name} and ${name} of ${scope.name} are one series in Prometheus, ${family.name}; only the first is shown.`,
        true,
      );
    else if (isAdditive(first.metric) && isAdditive(metric)) known.points.push({ metric, point });
    else
      complain(
        `the gauge ${name} has several values for the labels {${labels}}: its attributes differ only in what Prometheus cannot tell apart, for instance 200 and '200'. Only the first is shown.`,
        true,
      );
  }
}

/** The sum of two is the value both have together; the last of two measurements it is not. */
function isAdditive(metric: MetricData): boolean {
  return isSum(metric) || isHistogram(metric) || isExponential(metric);
}

/** Gives a name of its own to every family whose samples would be taken for those of another. */
function separate(families: readonly Family[], complain: Complain): void {
  const taken = new Set(['target_info']);
  for (const family of families.toSorted((a, b) => RANKS.indexOf(a.type) - RANKS.indexOf(b.type) || (a.name < b.name ? -1 : 1))) {
    const { name } = family;
    while (sampleNames(family).some((sample) => taken.has(sample))) family.name += `_${family.type}`;
    if (family.name !== name)
      complain(`the ${family.type} ${name} has the name of another metric in Prometheus; it is shown as ${family.name}.`);
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
