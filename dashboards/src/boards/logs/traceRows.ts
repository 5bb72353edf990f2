import { objectives } from '../../../../src/telemetry/catalogue/objectives.js';
import { spanAttributes } from '../../names/spanAttributes.js';
import { toDatabases, toMcp } from '../../panels/links.js';
import { lines, spanMetrics, spans } from '../../panels/make.js';
import type { RowSpec, TablePanel } from '../../panels/spec.js';

const { service, method, tool, errorType, dbSystem, dbOperation } = spanAttributes;
const SLOW_S = objectives.toolCallLatency.bad.slowerThanS;
const CALLS = `${service} =~ "$service_name" && kind = server && ${method} = "tools/call" && ${tool} =~ "$tool"`;
const EMPTY = 'No such trace in this time range';

function table(title: string, description: string, query: string): TablePanel {
  return { kind: 'table', width: 12, title, description, unit: 'none', queries: [spans(query)], links: [toMcp, toDatabases], empty: EMPTY };
}

/** Tables whose rows open a trace. The newest half minute is not there yet: Tempo leaves it out. */
export function tracesRow(): RowSpec {
  return {
    title: 'Traces of tool calls',
    panels: [
      table(
        'Tool calls that failed',
        'A click on a trace id shows where in the call it failed, and leads on to its log lines. Calls of the last half minute are not shown yet.',
        `{ ${CALLS} && status = error } | select(${tool}, ${errorType})`,
      ),
      table(
        `Tool calls that took longer than ${SLOW_S} s`,
        `${SLOW_S} s is the objective for tool calls. In the trace, the longest bar without children is where the time went.`,
        `{ ${CALLS} && duration > ${SLOW_S}s } | select(${tool}, ${errorType})`,
      ),
      table(
        'Statements that failed',
        'What was sent to PostgreSQL or Redis and failed, whether or not the call did.',
        `{ ${service} =~ "$service_name" && kind = client && ${dbSystem} != nil && status = error } | select(${dbSystem}, ${dbOperation}, ${errorType})`,
      ),
      table(
        'Statements that took longer than 0.5 s',
        'Statements that slowed a call down. The text of the statement is in the trace, without values.',
        `{ ${service} =~ "$service_name" && kind = client && ${dbSystem} != nil && duration > 500ms } | select(${dbSystem}, ${dbOperation})`,
      ),
    ],
  };
}

/** Computed by Tempo from the traces that it keeps; after sampling, these are too low, but not the metrics of the other boards. */
export function traceMetricsRow(): RowSpec {
  const common = { links: [toMcp], empty: EMPTY } as const;
  const sampled = 'From the traces that are kept. If traces are sampled, use the board of the MCP server for numbers.';
  return {
    title: 'Figures from traces',
    panels: [
      lines({
        ...common,
        title: 'Tool calls per second, by tool',
        description: `${sampled} A dot leads to a trace.`,
        unit: 'reqps',
        queries: [spanMetrics(`{ ${CALLS} } | rate() by (${tool})`)],
      }),
      lines({
        ...common,
        title: 'Failures per second, by error type',
        description: `${sampled} Pick a dot on the line that interests you.`,
        unit: 'reqps',
        queries: [spanMetrics(`{ ${CALLS} && status = error } | rate() by (${errorType})`)],
      }),
      lines({
        ...common,
        title: 'Duration p95, by tool',
        description: `${sampled} It finds a slow tool together with traces of it.`,
        unit: 's',
        queries: [spanMetrics(`{ ${CALLS} } | quantile_over_time(duration, 0.95) by (${tool})`)],
      }),
    ],
  };
}
