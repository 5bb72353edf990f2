import { describeLog } from '../../../src/testing/describe.js';
import type { TelemetryStore } from '../../../src/testing/telemetryStore.js';

/** The three kinds of items, as the collector's own metrics name them. */
export const itemKinds = ['spans', 'metric_points', 'log_records'] as const;
export type ItemKind = (typeof itemKinds)[number];

/** OTLP's path for each kind. */
export const signalOf = { spans: 'traces', metric_points: 'metrics', log_records: 'logs' } as const;

/** The name under which the tests know an item: each is made once. */
export function keysOf(store: TelemetryStore, kind: ItemKind, serviceName: string): string[] {
  const own = (resource: { readonly attributes: Readonly<Record<string, unknown>> }): boolean =>
    resource.attributes['service.name'] === serviceName;
  switch (kind) {
    case 'spans':
      return store.spans.list().flatMap(({ spanId, resource }) => (own(resource) ? [spanId] : []));
    case 'metric_points':
      return store.metricPoints
        .list()
        .flatMap(({ metric, attributes, timeUnixNano, resource }) =>
          own(resource) ? [pointKey(metric, attributes, timeUnixNano, resource.attributes['service.instance.id'])] : [],
        );
    case 'log_records':
      // What belongs to no call, such as a change of the health while the collector is away, is known by when it was written.
      return store.logRecords.list().flatMap((log) => (own(log.resource) ? [log.spanId ?? `${log.timeUnixNano} ${describeLog(log)}`] : []));
  }
}

function pointKey(metric: string, attributes: object, timeUnixNano: bigint, instance: unknown): string {
  return `${String(instance)} ${metric} ${JSON.stringify(Object.entries(attributes).toSorted())} ${timeUnixNano}`;
}

/** Whether a key of a log record is that of one without a span. */
export const isOfNoCall = (key: string): boolean => key.includes(' ');

/** What became of items that are known by name. */
export interface Arrival {
  readonly made: number;
  /** Of those made, how many arrived at least once. */
  readonly arrived: number;
  readonly missing: readonly string[];
  /** Arrivals beyond the first. */
  readonly doubled: readonly string[];
}

/** Compares names made with names that arrived; what else arrived is left out. */
export function arrivalOf(made: Iterable<string>, arrived: readonly string[]): Arrival {
  const times = new Map([...made].map((key) => [key, 0]));
  const doubled: string[] = [];
  for (const key of arrived) {
    const before = times.get(key);
    if (before === undefined) continue;
    if (before > 0) doubled.push(key);
    times.set(key, before + 1);
  }
  const missing = [...times].filter(([, count]) => count === 0).map(([key]) => key);
  return { made: times.size, arrived: times.size - missing.length, missing, doubled };
}
