import { promotedResourceAttributes } from '../../../src/telemetry/catalogue/backEnds.js';
import { domains } from '../../../src/telemetry/catalogue/domains.js';
import { foreignMetrics } from './foreign.js';
import { foreignRuleMetrics } from './foreignRules.js';
import { labelName, seriesName } from './series.js';

/** What is known of one Prometheus series name. */
export interface KnownSeries {
  readonly name: string;
  /** Name of the metric that it belongs to, without `_bucket`, `_count` or `_sum`. */
  readonly metric: string;
  readonly kind: 'counter' | 'gauge' | 'histogram' | 'upDownCounter';
  readonly part: 'whole' | 'bucket' | 'count' | 'sum';
  /** UCUM unit of the metric. */
  readonly unit: string;
  /** All labels that its points may have. */
  readonly labels: ReadonlySet<string>;
  /** Ours, from the catalogue, or another program's. */
  readonly ours: boolean;
}

/**
 * Labels that a series of any origin may have: those that Prometheus sets, the promoted resource attributes, and those that mark the
 * pull path and points beyond the SDK's cardinality limit.
 */
const commonLabels: readonly string[] = [
  'job',
  'instance',
  ...promotedResourceAttributes.map(labelName),
  'otel_scope_name',
  'otel_scope_version',
  'otel_metric_overflow',
];

/** All series names that a board or a rule may use. */
export const knownSeries: ReadonlyMap<string, KnownSeries> = new Map(
  [...ourSeries(), ...foreignSeries()].map((series) => [series.name, series]),
);

function ourSeries(): KnownSeries[] {
  return domains
    .flatMap(({ metrics = [] }) => metrics)
    .flatMap((metric) =>
      seriesOf({
        metric: seriesName(metric),
        kind: metric.kind,
        unit: metric.unit,
        labels: metric.attributes.map(({ key }) => labelName(key)),
        ours: true,
      }),
    );
}

function foreignSeries(): KnownSeries[] {
  return [...foreignMetrics, ...foreignRuleMetrics].flatMap(({ name, kind, unit, labels }) =>
    seriesOf({ metric: name, kind, unit, labels, ours: false }),
  );
}

function seriesOf({
  labels,
  ...rest
}: Omit<KnownSeries, 'name' | 'part' | 'labels'> & { readonly labels: readonly string[] }): KnownSeries[] {
  const all = [...commonLabels, ...labels];
  if (rest.kind !== 'histogram') return [{ ...rest, name: rest.metric, part: 'whole', labels: new Set(all) }];
  return (['bucket', 'count', 'sum'] as const).map((part) => ({
    ...rest,
    name: `${rest.metric}_${part}`,
    part,
    labels: new Set(part === 'bucket' ? [...all, 'le'] : all),
  }));
}
