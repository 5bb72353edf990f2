import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_HANDOFF_MCP_RESULT_TYPE,
  ATTR_JSONRPC_PROTOCOL_VERSION,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_NETWORK_PROTOCOL_NAME,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_NETWORK_TRANSPORT,
  ATTR_RPC_RESPONSE_STATUS_CODE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from '../semconv.js';
import type { MetricAttribute, MetricDefinition } from './definitions.js';

/** Buckets that the MCP conventions require for all four of their histograms (docs/gen-ai/mcp.md, "Metrics"), in seconds. */
const DURATION_BUCKETS_S = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300] as const;

const METHOD: MetricAttribute = {
  key: ATTR_MCP_METHOD_NAME,
  values: 'The methods of the MCP specification; any other method is `_OTHER`.',
};
const PROTOCOL_VERSION: MetricAttribute = {
  key: ATTR_MCP_PROTOCOL_VERSION,
  values: 'The published versions of the protocol; any other version is `_OTHER`.',
};
const TRANSPORT: MetricAttribute = { key: ATTR_NETWORK_TRANSPORT, values: ['pipe', 'tcp', 'quic'] };
const PROTOCOL_NAME: MetricAttribute = {
  key: ATTR_NETWORK_PROTOCOL_NAME,
  values: '`http` and `websocket`, or what the host sets with the option `network`.',
};
const CONNECTION: readonly MetricAttribute[] = [
  PROTOCOL_VERSION,
  { key: ATTR_JSONRPC_PROTOCOL_VERSION, values: 'Reserved by the conventions for versions other than 2.0, which no SDK sends.' },
  TRANSPORT,
  PROTOCOL_NAME,
  { key: ATTR_NETWORK_PROTOCOL_VERSION, values: 'What the host sets with the option `network`.' },
];
const SERVER: readonly MetricAttribute[] = [
  { key: ATTR_SERVER_ADDRESS, values: 'The hosts that the process has clients for.' },
  { key: ATTR_SERVER_PORT, values: 'The ports that the process has clients for.' },
];

const SESSION: readonly MetricAttribute[] = [
  { key: ATTR_ERROR_TYPE, values: 'The class or code of the error that ended the session; anything else is `_OTHER`.' },
  ...CONNECTION,
];

const OPERATION: readonly MetricAttribute[] = [
  METHOD,
  {
    key: ATTR_ERROR_TYPE,
    values:
      '`tool_error`, `cancelled`, `timeout`, `connection_closed`, a JSON-RPC code from -32768 to -32000, an HTTP status or other code from 100 to 599, or the class or code of the error that was thrown; anything else is `_OTHER`.',
  },
  { key: ATTR_GEN_AI_TOOL_NAME, values: 'The tools that the server has; any other name is `_OTHER`.' },
  { key: ATTR_GEN_AI_PROMPT_NAME, values: 'The prompts that the server has; any other name is `_OTHER`.' },
  { key: ATTR_GEN_AI_OPERATION_NAME, values: ['execute_tool'] },
  {
    key: ATTR_RPC_RESPONSE_STATUS_CODE,
    values: 'A JSON-RPC code from -32768 to -32000, or another code from 100 to 599; any other code is `_OTHER`.',
  },
  { key: ATTR_HANDOFF_MCP_RESULT_TYPE, values: ['complete', 'input_required'] },
  ...CONNECTION,
];

const ACTIVE_REQUESTS: readonly MetricAttribute[] = [METHOD, TRANSPORT];

/** Calls, notifications, sessions and subscriptions of any MCP server or client. Names under `mcp.` are those of the conventions. */
export const mcpMetrics = {
  serverOperationDuration: {
    name: 'mcp.server.operation.duration',
    kind: 'histogram',
    unit: 's',
    description:
      'Duration of an MCP request or notification as its receiver sees it: from its arrival until the answer to a request was sent, or until a notification was handled.',
    buckets: DURATION_BUCKETS_S,
    attributes: OPERATION,
    source: 'handoff-otel',
  },
  clientOperationDuration: {
    name: 'mcp.client.operation.duration',
    kind: 'histogram',
    unit: 's',
    description:
      'Duration of an MCP request or notification as its sender sees it: from sending it until the answer to a request arrived, or until the transport had accepted a notification.',
    buckets: DURATION_BUCKETS_S,
    attributes: [...OPERATION, ...SERVER],
    source: 'handoff-otel',
  },
  serverSessionDuration: {
    name: 'mcp.server.session.duration',
    kind: 'histogram',
    unit: 's',
    description:
      'Duration of an MCP session as the server sees it. Over HTTP, protocol version 2026-07-28 has no sessions, so nothing is recorded.',
    buckets: DURATION_BUCKETS_S,
    attributes: SESSION,
    source: 'handoff-otel',
  },
  clientSessionDuration: {
    name: 'mcp.client.session.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of an MCP session as the client sees it.',
    buckets: DURATION_BUCKETS_S,
    attributes: [...SESSION, ...SERVER],
    source: 'handoff-otel',
  },
  serverActiveRequests: {
    name: 'handoff.mcp.server.active_requests',
    kind: 'upDownCounter',
    unit: '{request}',
    description: 'Requests that were received and have not been answered yet. The conventions have no such metric; this one is ours.',
    attributes: ACTIVE_REQUESTS,
    source: 'handoff-otel',
  },
  clientActiveRequests: {
    name: 'handoff.mcp.client.active_requests',
    kind: 'upDownCounter',
    unit: '{request}',
    description: 'Requests that were sent and have not been answered yet. The conventions have no such metric; this one is ours.',
    attributes: ACTIVE_REQUESTS,
    source: 'handoff-otel',
  },
  serverSubscriptionDuration: {
    name: 'handoff.mcp.server.subscription.duration',
    kind: 'histogram',
    unit: 's',
    description:
      'Duration of a subscriptions/listen stream, from its acknowledgement to its end. The conventions have no such metric; this one is ours.',
    buckets: DURATION_BUCKETS_S,
    attributes: [PROTOCOL_VERSION, TRANSPORT, PROTOCOL_NAME],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;
