import { mcpMetrics } from '../../../../src/telemetry/catalogue/mcp.js';
import { objectives } from '../../../../src/telemetry/catalogue/objectives.js';
import { operationMetrics } from '../../../../src/telemetry/catalogue/operations.js';
import { serverMetrics } from '../../../../src/telemetry/catalogue/server.js';
import type { refusalReasons } from '../../../../src/telemetry/catalogue/server.js';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_HANDOFF_HTTP_REFUSAL_REASON,
  ATTR_HANDOFF_OPERATION_NAME,
  ATTR_MCP_METHOD_NAME,
} from '../../../../src/telemetry/semconv.js';
import { boards } from '../../boardList.js';
import { differs, matches, selector } from '../../names/selectors.js';
import { countSeries, labelName, seriesName } from '../../names/series.js';
import type { AlertDefinition } from '../alert.js';
import { increasedBy } from '../increased.js';
import type { RecordingRule } from '../rule.js';
import { SERVICE, eventsSelector, judgedSelector } from '../serviceLevels.js';
import { MINUTE_S } from '../times.js';
import type { Times } from '../times.js';

type Reason = (typeof refusalReasons)[number];

const WINDOW_S = 5 * MINUTE_S;
const TOOL = labelName(ATTR_GEN_AI_TOOL_NAME);
const OPERATION = labelName(ATTR_HANDOFF_OPERATION_NAME);
const REASON = labelName(ATTR_HANDOFF_HTTP_REFUSAL_REASON);
/** The server has no room or no time: its limits are too low, or it is overloaded. */
const CAPACITY: readonly Reason[] = ['busy', 'connections', 'memory', 'unread', 'failed'];
/** Somebody asks who may not. */
const ACCESS: readonly Reason[] = ['token', 'host', 'origin'];

const EVENTS_RECORD = `job_tool:${objectives.toolCallAvailability.id}_events:increase5m`;
const BAD_RECORD = `job_tool:${objectives.toolCallAvailability.id}_bad_events:increase5m`;

/** Calls and bad calls of each tool; absent where there are none. */
export const toolRules = (times: Times): RecordingRule[] => [
  { record: EVENTS_RECORD, expr: increasedBy([...SERVICE, TOOL], eventsSelector(objectives.toolCallAvailability), WINDOW_S, times) },
  { record: BAD_RECORD, expr: increasedBy([...SERVICE, TOOL], judgedSelector(objectives.toolCallAvailability), WINDOW_S, times) },
];

export const toolAlerts: readonly AlertDefinition[] = [
  {
    name: 'ToolErrorBurst',
    severity: 'ticket',
    area: 'service',
    board: boards.mcp,
    conditions: () => [{ expr: `${BAD_RECORD} / ${EVENTS_RECORD} > 0.5\nand ${BAD_RECORD} >= 10` }],
    forS: 2 * MINUTE_S,
    keepFiringForS: 5 * MINUTE_S,
    summary: `{{ $labels.job }}: {{ $value | humanizePercentage }} of the calls of {{ $labels.${TOOL} }} fail`,
    description:
      'In the last five minutes at least ten calls of this tool failed, and more than half of all its calls. Other tools may be fine.',
    runbook: {
      means: 'One tool fails most of the time. If it is rarely used, this hardly affects the objective of the whole service.',
      users: 'Whatever needs this tool does not work. Agents may try again and again.',
      mend: [
        'Open a failing trace of the tool on the board “Logs and traces”; its error says what broke.',
        'Look for what the tool depends on: a database, another service, a credential that expired.',
        'Roll back the last change to the tool.',
      ],
      lies: 'An agent in a loop can make the same failing call a hundred times. Then the agent is at fault, and not the tool.',
    },
  },
  {
    name: 'InFlightRequestsHigh',
    severity: 'ticket',
    area: 'service',
    board: boards.mcp,
    conditions: (times) => {
      // A subscription is a request that is open for as long as its client wants.
      const active = selector(seriesName(mcpMetrics.serverActiveRequests), [differs(ATTR_MCP_METHOD_NAME, 'subscriptions/listen')]);
      return [{ expr: `sum by (${[...SERVICE, 'instance'].join(', ')}) (last_over_time(${active}[${times(WINDOW_S)}])) > 100` }];
    },
    forS: 10 * MINUTE_S,
    summary: '{{ $labels.job }}: {{ $value | printf "%.0f" }} requests are being worked on in {{ $labels.instance }}',
    description: 'For ten minutes more than 100 requests were open in one process: more arrive than are answered, or some never end.',
    runbook: {
      means: 'Requests pile up in one process. Either they arrive faster than they are answered, or handlers hang.',
      users: 'Calls are slow, and finally time out.',
      mend: [
        'Compare the rate of calls with an hour ago. If it rose, start more replicas.',
        'If it did not, something that the handlers wait for is slow: look at the databases and at what the slow traces wait for.',
        'If the number never falls, even without traffic, handlers never end: restart the process, and report the tool.',
      ],
      lies: 'Requests of tools that wait for people (elicitation) stay open for minutes, which is harmless.',
    },
  },
  {
    name: 'HandoffInternalFailures',
    severity: 'ticket',
    area: 'service',
    board: boards.business,
    conditions: (times) => {
      // What is ours is a code or a class; what is reported to the caller, such as an unknown session, is a word in lower case.
      const failed = selector(countSeries(operationMetrics.duration), [
        matches(ATTR_ERROR_TYPE, objectives.handoffSuccess.bad.patterns.join('|')),
      ]);
      return [{ expr: `${increasedBy([...SERVICE, OPERATION], failed, WINDOW_S, times)} >= 5` }];
    },
    keepFiringForS: 5 * MINUTE_S,
    summary: `{{ $labels.job }}: {{ $labels.${OPERATION} }} failed {{ $value | printf "%.0f" }} times inside the server`,
    description:
      "So many times in five minutes the operation failed for a reason that is not the caller's: a fault of ours or of a database.",
    runbook: {
      means: 'An operation of the handoff services ends with an internal error, not with an answer that the caller could act on.',
      users: 'Agents get the error code of an internal failure. What they asked for was not done.',
      confirm: 'The log record of each failure has the code (`error_type`), which docs/errors.md explains.',
      mend: [
        'Look for an alert on the database; without one, look the code up in docs/errors.md.',
        'Roll back the last deployment if it began then.',
      ],
      lies: 'While a database fails over, a handful of failures is normal and ends by itself.',
    },
  },
  refusals('HttpCapacityRefusals', CAPACITY, 'the server has no room for them', {
    means: 'Streamable HTTP refuses requests, or cuts off connections, because a limit of the server is reached.',
    users: 'Clients get 503 with `Retry-After`, or lose their connection. Most try again.',
    mend: [
      'The label says which limit: `busy` open answers, `connections`, `memory` held bytes, `unread` answers that clients do not read, `failed` requests that broke.',
      'If the traffic is real, start more replicas; raise the limit only if the process has memory to spare (docs/operations.md).',
      'If it is one client, ask its owner; the log event `handoff.http.refused` has its address.',
    ],
    lies: 'A load test causes it.',
  }),
  refusals('HttpAccessRefusals', ACCESS, 'the client may not ask', {
    means: 'Requests are refused because of their token, their Host header or their Origin.',
    users: 'The senders get 401 or 403. Clients with the right token notice nothing.',
    mend: [
      '`token`: was the token changed? Then a client has the old one. If not, somebody is guessing: block the address that the log event `handoff.http.refused` has.',
      '`host` or `origin`: a proxy or a page is missing in HANDOFF_HTTP_ALLOWED_HOSTS or HANDOFF_HTTP_ALLOWED_ORIGINS.',
    ],
    lies: 'Health probes with a wrong address look like an attack.',
  }),
];

function refusals(name: string, reasons: readonly Reason[], why: string, runbook: AlertDefinition['runbook']): AlertDefinition {
  const refused = selector(seriesName(serverMetrics.httpRefusals), [matches(ATTR_HANDOFF_HTTP_REFUSAL_REASON, reasons.join('|'))]);
  return {
    name,
    severity: 'ticket',
    area: 'service',
    board: boards.business,
    conditions: (times: Times) => [{ expr: `${increasedBy([...SERVICE, REASON], refused, WINDOW_S, times)} >= 30` }],
    keepFiringForS: 5 * MINUTE_S,
    summary: `{{ $labels.job }}: {{ $value | printf "%.0f" }} HTTP requests refused in five minutes ({{ $labels.${REASON} }})`,
    description: `Requests are refused because ${why}; the reason is {{ $labels.${REASON} }}.`,
    runbook,
  };
}
