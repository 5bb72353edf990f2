import {
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_HANDOFF_CACHE_OPERATION,
  ATTR_HANDOFF_CACHE_RESULT,
  ATTR_HANDOFF_CONTEXT_TYPE,
  ATTR_HANDOFF_HTTP_REFUSAL_REASON,
  ATTR_HANDOFF_MCP_RESULT_TYPE,
  ATTR_HANDOFF_OPERATION_NAME,
  ATTR_HANDOFF_REQUEST_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_JSONRPC_PROTOCOL_VERSION,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_NETWORK_PROTOCOL_NAME,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_NETWORK_TRANSPORT,
  ATTR_RPC_RESPONSE_STATUS_CODE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from './semconv.js';

/** Who makes the points of a metric: we do, or an instrumentation library that `instrument()` installs. */
export type MetricSource = 'handoff-otel' | 'instrumentation-runtime-node';

/** One instrument. Everything that names a metric (code, docs, dashboards, rules, tests) reads it from here. */
export interface MetricDefinition {
  /** OpenTelemetry instrument name. */
  readonly name: string;
  readonly kind: 'histogram' | 'counter' | 'upDownCounter' | 'gauge';
  /** UCUM unit. */
  readonly unit: string;
  readonly description: string;
  /** Upper bounds of explicit buckets, in `unit`; histograms only. The SDK's defaults suit milliseconds, so seconds need them. */
  readonly buckets?: readonly number[];
  /** The only attributes a point may carry; each has a bounded set of values. */
  readonly attributes: readonly string[];
  readonly source: MetricSource;
}

/** Buckets the MCP conventions demand for all four of their histograms (docs/gen-ai/mcp.md, "Metrics"), seconds. */
const MCP_DURATION_BUCKETS_S = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300] as const;

const MCP_CONNECTION_ATTRIBUTES = [
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_JSONRPC_PROTOCOL_VERSION,
  ATTR_NETWORK_TRANSPORT,
  ATTR_NETWORK_PROTOCOL_NAME,
  ATTR_NETWORK_PROTOCOL_VERSION,
] as const;

const MCP_SESSION_ATTRIBUTES = [ATTR_ERROR_TYPE, ...MCP_CONNECTION_ATTRIBUTES] as const;

const MCP_OPERATION_ATTRIBUTES = [
  ATTR_MCP_METHOD_NAME,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_RPC_RESPONSE_STATUS_CODE,
  ATTR_HANDOFF_MCP_RESULT_TYPE,
  ...MCP_CONNECTION_ATTRIBUTES,
] as const;

/** Service operations are mostly one SQL statement: sub-millisecond to a second matters. The database conventions' bounds. */
const OPERATION_DURATION_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Buckets the database conventions demand, seconds. */
const DB_DURATION_BUCKETS_S = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] as const;

const CONTENT_SIZE_BUCKETS_BYTES = [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304] as const;

export const metrics = {
  mcpServerOperationDuration: {
    name: 'mcp.server.operation.duration',
    kind: 'histogram',
    unit: 's',
    description:
      'Duration of an MCP request or notification as its receiver sees it: from its arrival until the answer was sent, or it was handled.',
    buckets: MCP_DURATION_BUCKETS_S,
    attributes: MCP_OPERATION_ATTRIBUTES,
    source: 'handoff-otel',
  },
  mcpClientOperationDuration: {
    name: 'mcp.client.operation.duration',
    kind: 'histogram',
    unit: 's',
    description:
      'Duration of an MCP request or notification as its sender sees it: from sending to the answer, or until it was handed over.',
    buckets: MCP_DURATION_BUCKETS_S,
    attributes: [...MCP_OPERATION_ATTRIBUTES, ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT],
    source: 'handoff-otel',
  },
  mcpServerSessionDuration: {
    name: 'mcp.server.session.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of an MCP session as the server sees it. Connections of 2026-07-28 over HTTP have no session and make no point.',
    buckets: MCP_DURATION_BUCKETS_S,
    attributes: MCP_SESSION_ATTRIBUTES,
    source: 'handoff-otel',
  },
  mcpClientSessionDuration: {
    name: 'mcp.client.session.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of an MCP session as the client sees it.',
    buckets: MCP_DURATION_BUCKETS_S,
    attributes: [...MCP_SESSION_ATTRIBUTES, ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT],
    source: 'handoff-otel',
  },
  mcpServerActiveRequests: {
    name: 'handoff.mcp.server.active_requests',
    kind: 'upDownCounter',
    unit: '{request}',
    description: 'Requests received and not answered yet. Ours, not of the conventions.',
    attributes: [ATTR_MCP_METHOD_NAME, ATTR_NETWORK_TRANSPORT],
    source: 'handoff-otel',
  },
  mcpClientActiveRequests: {
    name: 'handoff.mcp.client.active_requests',
    kind: 'upDownCounter',
    unit: '{request}',
    description: 'Requests sent and not answered yet. Ours, not of the conventions.',
    attributes: [ATTR_MCP_METHOD_NAME, ATTR_NETWORK_TRANSPORT],
    source: 'handoff-otel',
  },
  mcpServerSubscriptionDuration: {
    name: 'handoff.mcp.server.subscription.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Life of a subscriptions/listen stream, from its acknowledgement to its end. Ours, not of the conventions.',
    buckets: MCP_DURATION_BUCKETS_S,
    attributes: [ATTR_MCP_PROTOCOL_VERSION, ATTR_NETWORK_TRANSPORT, ATTR_NETWORK_PROTOCOL_NAME],
    source: 'handoff-otel',
  },
  operationDuration: {
    name: 'handoff.operation.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of one operation of a handoff service, from call to answer, whatever the outcome.',
    buckets: OPERATION_DURATION_BUCKETS_S,
    attributes: [ATTR_HANDOFF_OPERATION_NAME, ATTR_ERROR_TYPE, ATTR_HANDOFF_CONTEXT_TYPE, ATTR_HANDOFF_REQUEST_TYPE],
    source: 'handoff-otel',
  },
  contextSize: {
    name: 'handoff.context.size',
    kind: 'histogram',
    unit: 'By',
    description: 'Size of the content of each context entry stored, in UTF-8 bytes.',
    buckets: CONTENT_SIZE_BUCKETS_BYTES,
    attributes: [ATTR_HANDOFF_CONTEXT_TYPE],
    source: 'handoff-otel',
  },
  cacheOperations: {
    name: 'handoff.cache.operations',
    kind: 'counter',
    unit: '{operation}',
    description: 'Operations on the cache by result; errors are absorbed and never fail a call.',
    attributes: [ATTR_HANDOFF_CACHE_OPERATION, ATTR_HANDOFF_CACHE_RESULT],
    source: 'handoff-otel',
  },
  httpRefusals: {
    name: 'handoff.http.refusals',
    kind: 'counter',
    unit: '{refusal}',
    description:
      'Requests and connections that Streamable HTTP refused or cut off, by reason; without a status code where nothing could be answered.',
    attributes: [ATTR_HANDOFF_HTTP_REFUSAL_REASON, ATTR_HTTP_RESPONSE_STATUS_CODE],
    source: 'handoff-otel',
  },
  dbOperationDuration: {
    name: 'db.client.operation.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of database client operations.',
    buckets: DB_DURATION_BUCKETS_S,
    attributes: [ATTR_DB_SYSTEM_NAME, ATTR_DB_NAMESPACE, ATTR_DB_OPERATION_NAME, ATTR_ERROR_TYPE],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;

/** Service operations: the value is span name, log event name and `handoff.operation.name` in one. */
export const operations = {
  sessionRegister: 'handoff.session.register',
  contextAppend: 'handoff.context.append',
  sessionHandoff: 'handoff.session.handoff',
  sessionList: 'handoff.session.list',
  contextRead: 'handoff.context.read',
  summaryRead: 'handoff.summary.read',
  storageMigrate: 'handoff.storage.migrate',
} as const;

export type OperationName = (typeof operations)[keyof typeof operations];
