import { mcpMetrics } from '../../../../src/telemetry/catalogue/mcp.js';
import {
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_HANDOFF_MCP_RESULT_TYPE,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_NETWORK_PROTOCOL_NAME,
  ATTR_NETWORK_TRANSPORT,
} from '../../../../src/telemetry/semconv.js';
import { differs, matches } from '../../names/selectors.js';
import type { Matcher } from '../../names/selectors.js';
import { countSeries, labelName } from '../../names/series.js';
import { toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { LinesPanel, RowSpec } from '../../panels/spec.js';
import { toolScope } from '../../panels/variables.js';
import { rate, sum } from '../../promql/expressions.js';

const count = countSeries(mcpMetrics.serverOperationDuration);

function mix(title: string, description: string, keys: readonly string[], matchers: readonly Matcher[] = []): LinesPanel {
  return lines({
    title,
    description,
    unit: 'reqps',
    stacked: true,
    queries: [lineOf(sum(rate(count, [...matchers, ...toolScope]), keys), keys.map((key) => `{{${labelName(key)}}}`).join(' '))],
    links: [toLogs],
    empty: 'No such requests in this time range',
  });
}

/** Who talks to the server, and how. */
export function mixRow(): RowSpec {
  return {
    title: 'Transport and protocol',
    panels: [
      mix('Requests by transport', 'pipe is stdio, tcp is HTTP or WebSocket.', [ATTR_NETWORK_TRANSPORT, ATTR_NETWORK_PROTOCOL_NAME]),
      mix(
        'Requests by protocol version',
        'The versions that clients speak. Before you drop support for an old one, its line should be at zero for a week.',
        [ATTR_MCP_PROTOCOL_VERSION],
      ),
      mix(
        'Tool results by type',
        'Only protocol 2026-07-28 has result types. input_required means that the call continues once the user has answered.',
        [ATTR_HANDOFF_MCP_RESULT_TYPE],
        [differs(ATTR_HANDOFF_MCP_RESULT_TYPE, '')],
      ),
    ],
  };
}

export function promptsRow(): RowSpec {
  const prompts = differs(ATTR_GEN_AI_PROMPT_NAME, '');
  return {
    title: 'Prompts and resources',
    panels: [
      mix(
        'Prompts, by name',
        'How often each prompt was fetched. A prompt that nobody fetches can be removed.',
        [ATTR_GEN_AI_PROMPT_NAME],
        [prompts],
      ),
      mix(
        'Resources, by method',
        'Lists, reads and subscriptions. Many lists and few reads suggest clients that poll.',
        [ATTR_MCP_METHOD_NAME],
        [matches(ATTR_MCP_METHOD_NAME, 'resources/.*')],
      ),
      mix(
        'Subscriptions and notifications',
        'Streams that clients opened, and notifications that the server got.',
        [ATTR_MCP_METHOD_NAME],
        [matches(ATTR_MCP_METHOD_NAME, '(subscriptions|notifications)/.*')],
      ),
    ],
  };
}
