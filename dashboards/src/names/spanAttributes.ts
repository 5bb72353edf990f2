import {
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_MCP_METHOD_NAME,
} from '../../../src/telemetry/semconv.js';

/** Attributes as TraceQL writes them. */
export const spanAttributes = {
  service: 'resource.service.name',
  method: `span.${ATTR_MCP_METHOD_NAME}`,
  tool: `span.${ATTR_GEN_AI_TOOL_NAME}`,
  errorType: `span.${ATTR_ERROR_TYPE}`,
  dbSystem: `span.${ATTR_DB_SYSTEM_NAME}`,
  dbOperation: `span.${ATTR_DB_OPERATION_NAME}`,
} as const;
