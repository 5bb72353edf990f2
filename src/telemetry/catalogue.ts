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
  ATTR_HANDOFF_OPERATION_NAME,
  ATTR_HANDOFF_REQUEST_TYPE,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_NETWORK_PROTOCOL_NAME,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_NETWORK_TRANSPORT,
  ATTR_RPC_RESPONSE_STATUS_CODE,
} from './semconv.js';

/** Who makes the points of a metric: we do, or an instrumentation library that `instrument()` installs. */
export type MetricSource = 'handoff-otel' | 'instrumentation-pg' | 'instrumentation-runtime-node';

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

/** Service operations are mostly one SQL statement: sub-millisecond to a second matters. The database conventions' bounds. */
const OPERATION_DURATION_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

const CONTENT_SIZE_BUCKETS_BYTES = [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304] as const;

export const metrics = {
  mcpServerOperationDuration: {
    name: 'mcp.server.operation.duration',
    kind: 'histogram',
    unit: 's',
    description: 'The duration of the MCP request or notification as observed on the receiver from the time it was received until the result or ack is sent.',
    buckets: MCP_DURATION_BUCKETS_S,
    attributes: [
      ATTR_MCP_METHOD_NAME,
      ATTR_ERROR_TYPE,
      ATTR_GEN_AI_TOOL_NAME,
      ATTR_GEN_AI_PROMPT_NAME,
      ATTR_GEN_AI_OPERATION_NAME,
      ATTR_RPC_RESPONSE_STATUS_CODE,
      ATTR_MCP_PROTOCOL_VERSION,
      ATTR_NETWORK_TRANSPORT,
      ATTR_NETWORK_PROTOCOL_NAME,
      ATTR_NETWORK_PROTOCOL_VERSION,
    ],
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
  dbOperationDuration: {
    name: 'db.client.operation.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of database client operations.',
    attributes: [ATTR_DB_SYSTEM_NAME, ATTR_DB_NAMESPACE, ATTR_DB_OPERATION_NAME, ATTR_ERROR_TYPE],
    source: 'instrumentation-pg',
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
