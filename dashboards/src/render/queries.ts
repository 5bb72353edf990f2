import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { DataqueryBuilder as LokiQuery } from '@grafana/grafana-foundation-sdk/loki';
import { PromQueryFormat, DataqueryBuilder as PrometheusQuery } from '@grafana/grafana-foundation-sdk/prometheus';
import { SearchTableType, DataqueryBuilder as TempoQuery } from '@grafana/grafana-foundation-sdk/tempo';
import type { LogQuery, MetricQuery, Query, RollupQuery, TraceQuery } from '../panels/spec.js';

/** Rows of a table of spans; more would be read by nobody. */
const MOST_TRACES = 50;

/** Grafana's plugins of the sources. */
export const PLUGINS: Readonly<Record<Query['source'], string>> = {
  prometheus: 'prometheus',
  loki: 'loki',
  tempo: 'tempo',
  postgres: 'grafana-postgresql-datasource',
};

/** Returns the reference to the data source that the board's variable names. */
export function sourceRef(source: Query['source']): { type: string; uid: string } {
  return { type: PLUGINS[source], uid: `\${${source}}` };
}

/** Returns the queries of a panel, lettered in their order. */
export function queryBuilders(queries: readonly Query[]): Builder<Dataquery>[] {
  return queries.map((query, index) => {
    const refId = String.fromCharCode(65 + index);
    if (query.source === 'prometheus') return metricQuery(query, refId);
    if (query.source === 'postgres') return { build: () => rollupQuery(query, refId) };
    return query.source === 'loki' ? logQuery(query, refId) : traceQuery(query, refId);
  });
}

function metricQuery({ expr, legend, instant, format, exemplars }: MetricQuery, refId: string): Builder<Dataquery> {
  const query = new PrometheusQuery().refId(refId).datasource(sourceRef('prometheus')).expr(expr);
  if (legend !== undefined) query.legendFormat(legend);
  if (format !== undefined) query.format(format === 'table' ? PromQueryFormat.Table : PromQueryFormat.Heatmap);
  if (exemplars === true) query.exemplar(true);
  return instant === true ? query.instant() : query.range();
}

function logQuery({ expr, legend }: LogQuery, refId: string): Builder<Dataquery> {
  const query = new LokiQuery().refId(refId).datasource(sourceRef('loki')).expr(expr).queryType('range');
  return legend === undefined ? query : query.legendFormat(legend);
}

function traceQuery({ expr, shows }: TraceQuery, refId: string): Builder<Dataquery> {
  const query = new TempoQuery().refId(refId).datasource(sourceRef('tempo'));
  if (shows === 'service map') return query.queryType('serviceMap').serviceMapQuery(expr);
  query.queryType('traceql').query(expr);
  return shows === 'metrics' ? query : query.limit(MOST_TRACES).tableType(SearchTableType.Spans);
}

/** The library has no builder for SQL. */
function rollupQuery({ expr, format }: RollupQuery, refId: string): Dataquery {
  const query = { refId, datasource: sourceRef('postgres'), rawSql: expr, rawQuery: true, editorMode: 'code', format };
  return { ...query, _implementsDataqueryVariant: () => undefined };
}
