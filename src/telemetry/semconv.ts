/**
 * Attribute names, copied here as constants so that a release of the conventions cannot rename our telemetry
 * behind our back. Sources: OpenTelemetry GenAI/MCP conventions (docs/gen-ai/mcp.md), general, database and
 * exception conventions of `@opentelemetry/semantic-conventions` 1.45; names under `handoff.` are our own.
 */

export const ATTR_ERROR_TYPE = 'error.type';
export const ATTR_EVENT_NAME = 'event.name';
export const ATTR_OTEL_COMPONENT_TYPE = 'otel.component.type';
export const ATTR_OTEL_COMPONENT_NAME = 'otel.component.name';
export const ATTR_EXCEPTION_TYPE = 'exception.type';
export const ATTR_EXCEPTION_MESSAGE = 'exception.message';
export const ATTR_EXCEPTION_STACKTRACE = 'exception.stacktrace';

export const ATTR_MCP_METHOD_NAME = 'mcp.method.name';
export const ATTR_MCP_PROTOCOL_VERSION = 'mcp.protocol.version';
export const ATTR_MCP_SESSION_ID = 'mcp.session.id';
export const ATTR_MCP_RESOURCE_URI = 'mcp.resource.uri';
export const ATTR_JSONRPC_REQUEST_ID = 'jsonrpc.request.id';
export const ATTR_GEN_AI_TOOL_NAME = 'gen_ai.tool.name';
export const ATTR_GEN_AI_PROMPT_NAME = 'gen_ai.prompt.name';
export const ATTR_GEN_AI_OPERATION_NAME = 'gen_ai.operation.name';
export const ATTR_RPC_RESPONSE_STATUS_CODE = 'rpc.response.status_code';
export const ATTR_NETWORK_TRANSPORT = 'network.transport';
export const ATTR_NETWORK_PROTOCOL_NAME = 'network.protocol.name';
export const ATTR_NETWORK_PROTOCOL_VERSION = 'network.protocol.version';
export const ATTR_JSONRPC_PROTOCOL_VERSION = 'jsonrpc.protocol.version';
export const ATTR_GEN_AI_AGENT_NAME = 'gen_ai.agent.name';
export const ATTR_GEN_AI_CONVERSATION_ID = 'gen_ai.conversation.id';
export const ATTR_HTTP_RESPONSE_STATUS_CODE = 'http.response.status_code';
export const ATTR_CLIENT_ADDRESS = 'client.address';
export const ATTR_CLIENT_PORT = 'client.port';
export const ATTR_NETWORK_PEER_ADDRESS = 'network.peer.address';
export const ATTR_NETWORK_PEER_PORT = 'network.peer.port';

export const ATTR_SERVER_ADDRESS = 'server.address';
export const ATTR_SERVER_PORT = 'server.port';

export const ATTR_DB_SYSTEM_NAME = 'db.system.name';
export const ATTR_DB_NAMESPACE = 'db.namespace';
export const ATTR_DB_OPERATION_NAME = 'db.operation.name';
export const ATTR_DB_QUERY_TEXT = 'db.query.text';
export const ATTR_DB_RESPONSE_STATUS_CODE = 'db.response.status_code';
export const ATTR_DB_CLIENT_CONNECTION_POOL_NAME = 'db.client.connection.pool.name';
export const ATTR_DB_CLIENT_CONNECTION_STATE = 'db.client.connection.state';

export const ATTR_HANDOFF_OPERATION_NAME = 'handoff.operation.name';
export const ATTR_HANDOFF_SESSION_ID = 'handoff.session.id';
export const ATTR_HANDOFF_SESSION_KEY = 'handoff.session.key';
export const ATTR_HANDOFF_CONTEXT_TYPE = 'handoff.context.type';
export const ATTR_HANDOFF_CONTEXT_SEQUENCE = 'handoff.context.sequence_number';
export const ATTR_HANDOFF_REQUEST_TYPE = 'handoff.request.type';
export const ATTR_HANDOFF_REQUEST_OUTCOME = 'handoff.request.outcome';
export const ATTR_HANDOFF_ENTRY_COUNT = 'handoff.context.entry_count';
export const ATTR_HANDOFF_CODEBASE_ANALYSIS_TYPE = 'handoff.codebase.analysis.type';
export const ATTR_HANDOFF_CODEBASE_FILE_COUNT = 'handoff.codebase.file_count';
export const ATTR_HANDOFF_CODEBASE_LANGUAGE = 'handoff.codebase.language';
export const ATTR_HANDOFF_ROLLUP_KIND = 'handoff.rollup.kind';
export const ATTR_HANDOFF_ROLLUP_ROWS = 'handoff.rollup.row_count';
export const ATTR_HANDOFF_RECOMMENDATION_CODE = 'handoff.recommendation.code';
export const ATTR_HANDOFF_ANALYTICS_REPORT = 'handoff.analytics.report_name';
export const ATTR_HANDOFF_ANOMALY_KIND = 'handoff.anomaly.kind';
export const ATTR_HANDOFF_ANOMALY_SUBJECT = 'handoff.anomaly.subject';
export const ATTR_HANDOFF_ANOMALY_SEVERITY = 'handoff.anomaly.severity';
export const ATTR_HANDOFF_ANOMALY_COUNT = 'handoff.anomaly.count';
export const ATTR_HANDOFF_ANOMALY_BUCKETS = 'handoff.anomaly.bucket_count';
export const ATTR_HANDOFF_CACHE_OPERATION = 'handoff.cache.operation';
export const ATTR_HANDOFF_CACHE_RESULT = 'handoff.cache.result';
export const ATTR_HANDOFF_SESSION_STATE_FROM = 'handoff.session.state.from';
export const ATTR_HANDOFF_SESSION_STATE_TO = 'handoff.session.state.to';
export const ATTR_HANDOFF_SESSION_PROBLEM = 'handoff.session.problem';
export const ATTR_HANDOFF_TRANSITION_CAUSER = 'handoff.transition.causer';
export const ATTR_HANDOFF_SWEEP_NAME = 'handoff.sweep.name';
export const ATTR_HANDOFF_SWEEP_TAKEN = 'handoff.sweep.taken';
export const ATTR_HANDOFF_SWEEP_CHANGED = 'handoff.sweep.changed';
export const ATTR_HANDOFF_SWEEP_BATCHES = 'handoff.sweep.batches';
export const ATTR_HANDOFF_JOB_NAME = 'handoff.job.name';
export const ATTR_HANDOFF_RETENTION_POLICY = 'handoff.retention.policy';
export const ATTR_HANDOFF_RETENTION_CAUSE = 'handoff.retention.cause';
export const ATTR_HANDOFF_PARTITION_CHANGE = 'handoff.partition.change';
export const ATTR_HANDOFF_STORAGE_PART = 'handoff.storage.part';
export const ATTR_HANDOFF_ARCHIVE_BYTES = 'handoff.archive.bytes';
export const ATTR_HANDOFF_ARCHIVE_OPERATION = 'handoff.archive.operation';
export const ATTR_HANDOFF_ARCHIVE_STORE = 'handoff.archive.store';
export const ATTR_HANDOFF_HTTP_REFUSAL_REASON = 'handoff.http.refusal.reason';
export const ATTR_HANDOFF_COMPONENT_NAME = 'handoff.component.name';
export const ATTR_HANDOFF_COMPONENT_STATE = 'handoff.component.state';
export const ATTR_HANDOFF_COMPONENT_REASON = 'handoff.component.reason';
export const ATTR_HANDOFF_RESOURCE_NAME = 'handoff.resource.name';
export const ATTR_HANDOFF_STATEMENT_NAME = 'handoff.statement.name';
export const ATTR_HANDOFF_DEPENDENCY = 'handoff.dependency';
export const ATTR_HANDOFF_CIRCUIT_STATE = 'handoff.circuit.state';
export const ATTR_HANDOFF_SHED_REASON = 'handoff.shed.reason';
export const ATTR_HANDOFF_ADMISSION_STATE = 'handoff.admission.state';
export const ATTR_HANDOFF_FEATURE = 'handoff.feature';
export const ATTR_HANDOFF_ALERT_NAME = 'handoff.alert.name';
export const ATTR_HANDOFF_ALERT_TRANSITION = 'handoff.alert.transition';
export const ATTR_HANDOFF_ALERT_TARGET = 'handoff.alert.target';
export const ATTR_HANDOFF_ALERT_DELIVERY = 'handoff.alert.delivery';
export const ATTR_HANDOFF_CONFIG_OUTCOME = 'handoff.config.outcome';
export const ATTR_HANDOFF_CONFIG_EFFECT = 'handoff.config.effect';
export const ATTR_HANDOFF_CONFIG_SETTING = 'handoff.config.setting';

export const ATTR_HANDOFF_REDIS_RETRY_COUNT = 'handoff.redis.retry.count';
export const ATTR_HANDOFF_REDIS_RETRY_REASONS = 'handoff.redis.retry.reasons';

export const ATTR_HANDOFF_MCP_CLIENT_NAME = 'handoff.mcp.client.name';
export const ATTR_HANDOFF_MCP_CLIENT_VERSION = 'handoff.mcp.client.version';
export const ATTR_HANDOFF_MCP_RESULT_TYPE = 'handoff.mcp.result.type';

/** Stands in for every value that is not from a known, bounded set (the conventions' own spelling). */
export const VALUE_OTHER = '_OTHER';

// Content, recorded on spans and only on request (src/instrumentation/mcp/content): the conventions call it opt-in and sensitive.
export const ATTR_GEN_AI_TOOL_CALL_ARGUMENTS = 'gen_ai.tool.call.arguments';
export const ATTR_GEN_AI_TOOL_CALL_RESULT = 'gen_ai.tool.call.result';
/** Prefix of one attribute per argument of a prompt. */
export const ATTR_GEN_AI_PROMPT_VARIABLE_PREFIX = 'gen_ai.prompt.variable.';
export const ATTR_HANDOFF_MCP_REQUEST_SIZE = 'handoff.mcp.request.size';
export const ATTR_HANDOFF_MCP_RESPONSE_SIZE = 'handoff.mcp.response.size';
