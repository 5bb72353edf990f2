import { mcpMetrics } from '../../../../src/telemetry/catalogue/mcp.js';
import { ATTR_ERROR_TYPE, ATTR_GEN_AI_TOOL_NAME, ATTR_MCP_METHOD_NAME, ATTR_SERVER_ADDRESS } from '../../../../src/telemetry/semconv.js';
import { boards } from '../../boardList.js';
import { selector } from '../../names/selectors.js';
import { countSeries, labelName, seriesName } from '../../names/series.js';
import { linkTo, toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import { redPanels } from '../../panels/red.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { quantile, rate, sum } from '../../promql/expressions.js';

const { clientOperationDuration, clientActiveRequests, clientSessionDuration } = mcpMetrics;
const legend = (...keys: string[]): string => keys.map((key) => `{{${labelName(key)}}}`).join(' ');
const none = 'This process sends no MCP requests';

/** Calls that the process makes to other MCP servers, as it sees them: waiting for the network is included. */
export function clientRow(): RowSpec {
  const panels = redPanels({
    what: 'Calls to other servers',
    metric: clientOperationDuration,
    matchers: scope,
    by: [ATTR_SERVER_ADDRESS, ATTR_MCP_METHOD_NAME, ATTR_GEN_AI_TOOL_NAME],
    byName: 'server, method and tool',
    next: 'If the server is instrumented too, compare with its own figures: the difference is the network.',
    links: [linkTo(boards.mcp, 'The same board for the server'), toLogs],
    rateUnit: 'reqps',
    empty: none,
  });
  return { title: 'Calls to other MCP servers', panels: [...panels, ...held()] };
}

function held(): RowSpec['panels'] {
  const active = selector(seriesName(clientActiveRequests), scope);
  const ended = rate(countSeries(clientSessionDuration), scope);
  return [
    lines({
      title: 'Calls in flight to other servers',
      description:
        'Requests that were sent and not answered yet. If the number only grows, a server does not answer: look at its own board.',
      unit: 'short',
      queries: [lineOf(sum(active, [ATTR_MCP_METHOD_NAME]), legend(ATTR_MCP_METHOD_NAME))],
      links: [toLogs],
      empty: none,
    }),
    lines({
      title: 'Client sessions that ended per second',
      description: 'By server, with the error that ended the session, if any. Clients that reconnect all the time show here.',
      unit: 'ops',
      queries: [lineOf(sum(ended, [ATTR_SERVER_ADDRESS, ATTR_ERROR_TYPE]), legend(ATTR_SERVER_ADDRESS, ATTR_ERROR_TYPE))],
      links: [toLogs],
      empty: none,
    }),
    lines({
      title: 'Duration of client sessions',
      description: 'Median and p95 of the sessions that ended, up to 300 s, the largest bucket.',
      unit: 's',
      queries: [0.5, 0.95].map((q) => lineOf(quantile(q, clientSessionDuration, scope), `p${q * 100}`)),
      links: [toLogs],
      empty: none,
    }),
  ];
}
