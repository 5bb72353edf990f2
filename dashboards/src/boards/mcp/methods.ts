import { mcpMetrics } from '../../../../src/telemetry/catalogue/mcp.js';
import { objectives } from '../../../../src/telemetry/catalogue/objectives.js';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_MCP_METHOD_NAME,
  ATTR_RPC_RESPONSE_STATUS_CODE,
} from '../../../../src/telemetry/semconv.js';
import { boards } from '../../boardList.js';
import { differs, equals } from '../../names/selectors.js';
import { bucketSeries, countSeries, labelName } from '../../names/series.js';
import { linkWith, toDatabases, toLogs } from '../../panels/links.js';
import { buckets, column, lineOf, lineWithExemplars, lines } from '../../panels/make.js';
import { redPanels } from '../../panels/red.js';
import type { RowSpec, TablePanel } from '../../panels/spec.js';
import { badShareSteps, fromOn } from '../../panels/thresholds.js';
import { toolScope } from '../../panels/variables.js';
import { increase, orNone, quantile, rate, share, sum } from '../../promql/expressions.js';
import { failed } from '../../promql/objectives.js';

const metric = mcpMetrics.serverOperationDuration;
const count = countSeries(metric);
const toolCalls = [equals(ATTR_MCP_METHOD_NAME, 'tools/call'), ...toolScope];
const ofTool = linkWith(boards.logs, 'Logs and traces of this tool', 'tool', ATTR_GEN_AI_TOOL_NAME);
const onlyTool = linkWith(boards.mcp, 'Only this tool', 'tool', ATTR_GEN_AI_TOOL_NAME);

export function methodsRow(): RowSpec {
  const panels = redPanels({
    what: 'Requests',
    metric,
    matchers: toolScope,
    by: [ATTR_MCP_METHOD_NAME],
    byName: 'method',
    next: 'When one method differs, continue with its logs; for tools/call, with the tools below.',
    links: [toLogs],
    rateUnit: 'reqps',
    empty: 'No requests',
  });
  return { title: 'Requests by method', panels };
}

export function toolsRow(): RowSpec {
  const panels = redPanels({
    what: 'Tool calls',
    metric,
    matchers: toolCalls,
    by: [ATTR_GEN_AI_TOOL_NAME],
    byName: 'tool',
    next: 'A click on a tool leads to its logs and traces. When all tools change together, look at what they share: the databases and the process.',
    links: [toLogs, toDatabases],
    seriesLinks: [onlyTool, ofTool],
    errorSteps: badShareSteps(objectives.toolCallAvailability),
    durationSteps: fromOn(objectives.toolCallLatency.bad.slowerThanS),
    rateUnit: 'reqps',
    empty: 'No tool calls',
  });
  return { title: 'Tools', panels: [...panels, toolTable()] };
}

function toolTable(): TablePanel {
  const by = [ATTR_GEN_AI_TOOL_NAME];
  const calls = sum(increase(count, toolCalls, '$__range'), by);
  const errors = sum(increase(count, [...toolCalls, failed(ATTR_ERROR_TYPE)], '$__range'), by);
  return {
    kind: 'table',
    width: 24,
    title: 'All tools',
    description:
      'Calls and failures in the time range of the board, and the current p95. Sort by a column to find the busiest, the worst and the slowest tool.',
    unit: 'short',
    queries: [column(calls), column(share(orNone(errors, calls), calls)), column(quantile(0.95, metric, toolCalls, by))],
    headings: { [labelName(ATTR_GEN_AI_TOOL_NAME)]: 'Tool', 'Value #A': 'Calls', 'Value #B': 'Failed', 'Value #C': 'p95' },
    units: { Failed: 'percentunit', p95: 's' },
    seriesLinks: [onlyTool, ofTool],
    links: [toLogs],
    empty: 'No tool calls',
  };
}

export function errorsRow(): RowSpec {
  const panel = (title: string, description: string, key: string): RowSpec['panels'][number] =>
    lines({
      title,
      description,
      unit: 'reqps',
      width: 12,
      stacked: true,
      queries: [
        lineOf(
          sum(rate(count, [...toolScope, differs(key, '')]), [key, ATTR_MCP_METHOD_NAME]),
          `{{${labelName(key)}}} {{${labelName(ATTR_MCP_METHOD_NAME)}}}`,
        ),
      ],
      links: [toLogs],
      empty: 'No such answers in this time range',
    });
  return {
    title: 'Errors',
    panels: [
      panel(
        'Failures per second, by error type',
        'tool_error is a result with isError; cancelled and connection_closed mean that the caller left; numbers are JSON-RPC codes; the rest are classes of what was thrown. The failing calls are on the board of logs and traces.',
        ATTR_ERROR_TYPE,
      ),
      panel(
        'Error responses per second, by code',
        'JSON-RPC codes that callers got, both for failures of the server and for refused requests: -32602 is wrong parameters, -32601 an unknown method, -32603 an internal error. Many -32602 from one tool suggest that its description misleads models.',
        ATTR_RPC_RESPONSE_STATUS_CODE,
      ),
    ],
  };
}

export function durationRow(): RowSpec {
  return {
    title: 'Duration',
    panels: [
      {
        kind: 'heatmap',
        width: 12,
        title: 'Tool calls by duration',
        description:
          'The distribution of the durations. Two bands mean two kinds of calls, for instance with and without a cache. A dot is a call whose trace opens with a click.',
        unit: 's',
        queries: [buckets(sum(rate(bucketSeries(metric), toolCalls), ['le']))],
        links: [toLogs],
        empty: 'No tool calls',
      },
      lines({
        title: 'Duration of tool calls, percentiles',
        description:
          'p50 is a typical call, p99 the slowest in a hundred. When only p99 grows, look at single traces; when p50 does too, everything is slow.',
        unit: 's',
        width: 12,
        queries: [0.5, 0.95, 0.99].map((q) => lineWithExemplars(quantile(q, metric, toolCalls), `p${q * 100}`)),
        thresholds: fromOn(objectives.toolCallLatency.bad.slowerThanS),
        links: [toLogs, toDatabases],
        empty: 'No tool calls',
      }),
    ],
  };
}
