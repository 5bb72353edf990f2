import {
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_HANDOFF_JOB_NAME,
  ATTR_HANDOFF_SWEEP_CHANGED,
  ATTR_HANDOFF_SWEEP_NAME,
  ATTR_HANDOFF_SWEEP_TAKEN,
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
  job: `span.${ATTR_HANDOFF_JOB_NAME}`,
  sweep: `span.${ATTR_HANDOFF_SWEEP_NAME}`,
  sweepTaken: `span.${ATTR_HANDOFF_SWEEP_TAKEN}`,
  sweepChanged: `span.${ATTR_HANDOFF_SWEEP_CHANGED}`,
} as const;
