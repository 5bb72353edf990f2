import { mcpMetrics } from '../../../../src/telemetry/catalogue/mcp.js';
import { ATTR_ERROR_TYPE, ATTR_MCP_METHOD_NAME, ATTR_NETWORK_TRANSPORT } from '../../../../src/telemetry/semconv.js';
import { selector } from '../../names/selectors.js';
import { countSeries, labelName, seriesName } from '../../names/series.js';
import { toLogs, toRuntime } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { quantile, rate, sum } from '../../promql/expressions.js';

const { serverActiveRequests, serverSessionDuration, serverSubscriptionDuration } = mcpMetrics;
const legend = (...keys: string[]): string => keys.map((key) => `{{${labelName(key)}}}`).join(' ');

/** What the server holds at the moment, and how long it held what is over. */
export function sessionsRow(): RowSpec {
  return {
    title: 'Sessions and load',
    panels: [
      lines({
        title: 'Requests in flight, by method',
        description:
          'Requests that were received and not answered yet, of all instances. The number should follow the load and return to zero when there is none. If it never does, a call hangs.',
        unit: 'short',
        queries: [
          lineOf(
            sum(selector(seriesName(serverActiveRequests), scope), [ATTR_MCP_METHOD_NAME, ATTR_NETWORK_TRANSPORT]),
            legend(ATTR_MCP_METHOD_NAME, ATTR_NETWORK_TRANSPORT),
          ),
        ],
        links: [toRuntime],
        empty: 'No requests',
      }),
      lines({
        title: 'Sessions that ended per second, by transport and error',
        description:
          'A name after the transport is the error that ended the session; without one it was closed as intended. HTTP connections of protocol 2026-07-28 have no session.',
        unit: 'ops',
        queries: [
          lineOf(
            sum(rate(countSeries(serverSessionDuration), scope), [ATTR_NETWORK_TRANSPORT, ATTR_ERROR_TYPE]),
            legend(ATTR_NETWORK_TRANSPORT, ATTR_ERROR_TYPE),
          ),
        ],
        links: [toLogs],
        empty: 'No session ended in this time range',
      }),
      lines({
        title: 'Duration of sessions and subscriptions',
        description:
          'Median and p95 of what ended in the time range, up to 300 s, the largest bucket. Many very short sessions suggest clients that reconnect for each call.',
        unit: 's',
        queries: [
          lineOf(quantile(0.5, serverSessionDuration, scope), 'session p50'),
          lineOf(quantile(0.95, serverSessionDuration, scope), 'session p95'),
          lineOf(quantile(0.5, serverSubscriptionDuration, scope), 'subscription p50'),
        ],
        links: [toLogs],
        empty: 'No session ended in this time range',
      }),
    ],
  };
}
