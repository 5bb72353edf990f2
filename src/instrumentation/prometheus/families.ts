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
  /**
   * To be added up: points whose attributes differ in what labels cannot express (`200` and `'200'`) have the same labels. At least
   * one.
   */
  readonly points: MetricPoint[];
}

/** All series with one name and type, from any scope: the formats require them in one place. */
export interface Family {
  /** The name of its samples; a histogram's add `_bucket`, `_sum` and `_count`. */
  name: string;
  readonly type: FamilyType;
  help: string;
  unit: string;
  /** The series by their labels. */
  readonly series: Map<string, Series>;
}

/**
 * If two types clash, the earlier in this list keeps the name: `_total` belongs to counters. Age does not decide, or a restart
 * could swap them.
 */
const RANKS: readonly FamilyType[] = ['counter', 'histogram', 'gauge'];

/** Sorts what was collected into families, under the names that the collector path gives them. Every series is in exactly one. */
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
    complain(`a ${key.trim()} has no characters in its name that Prometheus allows; it is not shown there.`, true);
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
      `the attribute ${key} of ${name} is not shown: Prometheus reserves a label of that name. Values that differ only in it are added up.`,
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
        `the gauge ${name} has several values for the labels {${labels}}: its attributes differ only in what Prometheus cannot distinguish, for instance 200 and '200'. Only the first is shown.`,
        true,
      );
  }
}

/** The sum of two values is what both have together, which does not hold for the last of two measurements. */
function isAdditive(metric: MetricData): boolean {
  return isSum(metric) || isHistogram(metric) || isExponential(metric);
}

/** Renames every family whose samples would be mistaken for those of another. */
function separate(families: readonly Family[], complain: Complain): void {
  const taken = new Set(['target_info']);
  for (const family of families.toSorted((a, b) => RANKS.indexOf(a.type) - RANKS.indexOf(b.type) || (a.name < b.name ? -1 : 1))) {
    const { name } = family;
    while (sampleNames(family).some((sample) => taken.has(sample))) family.name += `_${family.type}`;
    if (family.name !== name)
      complain(`the ${family.type} ${name} clashes with the name of another metric in Prometheus; it is shown as ${family.name}.`);
    for (const sample of sampleNames(family)) taken.add(sample);
  }
}

/** Returns all names that belong to a family in either format, except a counter's short one. */
export function sampleNames({ name, type }: Family): string[] {
  return type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`, `${name}_created`] : [name];
}

function kindOf(metric: MetricData): PromKind {
  if (isHistogram(metric) || isExponential(metric)) return 'histogram';
  if (!isSum(metric)) return 'gauge';
  return metric.isMonotonic ? 'counter' : 'upDownCounter';
}
