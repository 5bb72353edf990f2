import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** One data source as Grafana gets it, with `$$` read as `$`. */
export interface DataSource {
  readonly name: string;
  readonly uid: string;
  readonly type: string;
  readonly url: string;
  readonly jsonData: Readonly<Record<string, unknown>>;
  readonly whole: Readonly<Record<string, unknown>>;
}

export interface TraceTag {
  readonly key: string;
  readonly value?: string;
}

export interface TraceToLogs {
  readonly datasourceUid: string;
  readonly tags: readonly TraceTag[];
  readonly query: string;
}

export interface TraceToMetrics {
  readonly datasourceUid: string;
  readonly tags: readonly TraceTag[];
  readonly queries: readonly { readonly name: string; readonly query: string }[];
}

export interface DerivedField {
  readonly matcherType: string;
  readonly matcherRegex: string;
  readonly datasourceUid?: string;
  readonly url: string;
}

/** How one gets from one signal to another, as provisioned. */
export interface Correlations {
  readonly exemplarLabels: readonly { readonly name: string; readonly datasourceUid: string }[];
  readonly traceToLogs: TraceToLogs;
  readonly traceToMetrics: TraceToMetrics;
  /** From a line to its trace. */
  readonly logToTrace: readonly DerivedField[];
  /** From a line to a page of Grafana. */
  readonly logToPage: readonly DerivedField[];
}

const file = join(import.meta.dirname, '../../../dashboards/provisioning/datasources/datasources.yaml');

export function readDataSources(path: string = file): readonly DataSource[] {
  const { datasources } = unescapeAll(parse(readFileSync(path, 'utf8'))) as { readonly datasources: readonly Record<string, unknown>[] };
  return datasources.map((whole) => ({
    name: String(whole['name']),
    uid: String(whole['uid']),
    type: String(whole['type']),
    url: String(whole['url']),
    jsonData: (whole['jsonData'] ?? {}) as Readonly<Record<string, unknown>>,
    whole,
  }));
}

/** Grafana expands variables of its environment in these files, and leaves a doubled dollar sign as one. */
function unescapeAll(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$$', '$');
  if (Array.isArray(value)) return value.map(unescapeAll);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unescapeAll(each)]));
}

/** @throws Error that names the data source which is missing */
export function correlationsOf(sources: readonly DataSource[]): Correlations {
  const settings = (type: string): Readonly<Record<string, unknown>> => {
    const source = sources.find((each) => each.type === type);
    if (source === undefined) throw new Error(`datasources.yaml has no data source of the type ${type}`);
    return source.jsonData;
  };
  const derivedFields = (settings('loki')['derivedFields'] ?? []) as readonly DerivedField[];
  return {
    exemplarLabels: (settings('prometheus')['exemplarTraceIdDestinations'] ?? []) as Correlations['exemplarLabels'],
    traceToLogs: settings('tempo')['tracesToLogsV2'] as TraceToLogs,
    traceToMetrics: settings('tempo')['tracesToMetrics'] as TraceToMetrics,
    logToTrace: derivedFields.filter(({ datasourceUid }) => datasourceUid !== undefined),
    logToPage: derivedFields.filter(({ datasourceUid }) => datasourceUid === undefined),
  };
}

type Tags = Readonly<Record<string, unknown>>;

/** The query for the logs of a span, with the tags of the span and its resource put in as Grafana does. */
export function logsQuery({ query, tags }: TraceToLogs, traceId: string, spanTags: Tags): string {
  return query
    .replaceAll(/\$\{__tags\}|\$__tags\b/g, tagsText(tags, spanTags))
    .replaceAll('${__trace.traceId}', traceId)
    .replaceAll('${__span.traceId}', traceId);
}

/** The queries for the metrics of a span. */
export function metricsQueries({ queries, tags }: TraceToMetrics, spanTags: Tags, rateInterval: string): readonly string[] {
  return queries.map(({ query }) =>
    query
      .replaceAll(/\$\{__tags\}|\$__tags\b/g, tagsText(tags, spanTags))
      .replaceAll(/\$\{__rate_interval\}|\$__rate_interval\b/g, rateInterval),
  );
}

function tagsText(tags: readonly TraceTag[], spanTags: Tags): string {
  const present = tags.filter(({ key }) => spanTags[key] !== undefined);
  return present.map(({ key, value = key }) => `${value}="${String(spanTags[key])}"`).join(', ');
}
