import { matches, selector } from '../../names/selectors.js';
import { toDatabases, toTelemetry } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { orNone, rate, share, sum } from '../../promql/expressions.js';

const EMPTY = 'The collector derives no metrics from spans: see otel-collector/README.md';
const BOTH_ENDS = ['client', 'server', 'connection_type'];
const REQUESTS = 'traces_service_graph_request_total';
const EDGE = '{{client}} to {{server}}';
/** A span has one or two of these. The names of spans are no label: nothing bounds them. */
const WHAT = ['span_kind', 'mcp_method_name', 'gen_ai_tool_name', 'handoff_operation_name', 'db_system_name', 'db_operation_name'];

/** What the collector makes of all spans, before any sampling. */
export function graphRow(): RowSpec {
  const edges = [matches('server', '.+')];
  const requests = sum(rate(REQUESTS, edges), BOTH_ENDS);
  const failures = sum(rate('traces_service_graph_request_failed_total', edges), BOTH_ENDS);
  const ofService = [matches('service_name', '$service_name')];
  const p95 = `histogram_quantile(0.95, ${sum(rate('traces_span_metrics_duration_seconds_bucket', ofService), ['le', ...WHAT])})`;
  const common = { links: [toDatabases, toTelemetry], empty: EMPTY } as const;
  return {
    title: 'Who calls whom',
    panels: [
      {
        ...common,
        kind: 'map',
        width: 24,
        title: 'Map of services',
        description:
          'Agents, servers and databases, with the requests and failures between them. The red part of a rim is the share of failures; a click leads to traces.',
        unit: 'none',
        queries: [{ source: 'tempo', expr: selector(REQUESTS, edges).slice(REQUESTS.length), shows: 'service map' }],
      },
      lines({
        ...common,
        title: 'Requests per second, by edge',
        description: 'How much each service sends to each other one. If an edge ends, the caller is gone or spans are lost.',
        unit: 'reqps',
        queries: [lineOf(requests, EDGE)],
      }),
      lines({
        ...common,
        title: 'Failures, by edge',
        description: 'Share of requests that failed. It is the first edge from the left that is to blame.',
        unit: 'percentunit',
        min: 0,
        queries: [lineOf(share(orNone(failures, requests), requests), EDGE)],
      }),
      lines({
        ...common,
        title: 'Duration p95, by kind of span',
        description: 'From all spans, including those that sampling drops.',
        unit: 's',
        queries: [
          lineOf(
            p95,
            WHAT.slice(1)
              .map((label) => `{{${label}}}`)
              .join(' '),
          ),
        ],
      }),
    ],
  };
}
