import type { Attributes, Meter } from '@opentelemetry/api';
import { handoffMetrics } from '../../../telemetry/catalogue/handoffs.js';
import { mcpMetrics } from '../../../telemetry/catalogue/mcp.js';
import { operationMetrics } from '../../../telemetry/catalogue/operations.js';
import { sessionOperations } from '../../../telemetry/catalogue/sessions.js';
import { createInstrument } from '../../../telemetry/instruments.js';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_HANDOFF_OPERATION_NAME,
  ATTR_HANDOFF_REQUEST_OUTCOME,
  ATTR_MCP_METHOD_NAME,
  VALUE_OTHER,
} from '../../../telemetry/semconv.js';
import type { MonitoringService } from '../monitoringService.js';
import type { Recorder } from '../measurements/recorder.js';
import { BoundedNames } from './boundedNames.js';

export type HostMetrics = Pick<MonitoringService, 'recordToolCall' | 'recordHandoffMetrics' | 'recordPerformanceMetrics'>;

/** More tools than any server has; what a caller made up is `_OTHER` from then on. */
const MAX_TOOLS = 200;
const MAX_ERROR_TYPES = 50;
const MAX_OPERATIONS = 200;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

const OPERATIONS: ReadonlySet<string> = new Set(
  operationMetrics.duration.attributes.flatMap(({ key, values }) =>
    key === ATTR_HANDOFF_OPERATION_NAME && typeof values !== 'string' ? values.map(String) : [],
  ),
);

/** Feeds what a host has measured into the metrics that our own code records. Nothing is recorded for what is no duration. */
export function createHostMetrics(meter: Meter, recorder: Pick<Recorder, 'record'>): HostMetrics {
  const toolCall = createInstrument(meter, mcpMetrics.serverOperationDuration);
  const operation = createInstrument(meter, operationMetrics.duration);
  const outcome = createInstrument(meter, handoffMetrics.outcomes);
  const tools = new BoundedNames(MAX_TOOLS);
  // The database can keep more names than metrics can have series.
  const operations = new BoundedNames(MAX_OPERATIONS);
  const kept = (name: string, durationMs: number, errorType?: string, sessionId?: string): void =>
    recorder.record({ subject: 'operation', name, durationMs, errorType, sessionId });
  const errorTypes = new BoundedNames(MAX_ERROR_TYPES);
  return {
    recordToolCall: (toolName, duration, success) => {
      if (!isDuration(duration)) return;
      kept(tools.of(toolName), duration, success ? undefined : 'tool_error');
      toolCall(duration / 1000, {
        [ATTR_MCP_METHOD_NAME]: 'tools/call',
        [ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool',
        [ATTR_GEN_AI_TOOL_NAME]: tools.of(toolName),
        ...failure(success, 'tool_error'),
      });
    },
    recordHandoffMetrics: (sessionId, { duration, success, errorType }) => {
      if (!isDuration(duration)) return;
      const type = errorType === undefined ? VALUE_OTHER : errorTypes.of(errorType);
      kept(sessionOperations.handoff.name, duration, success ? undefined : type, UUID.test(sessionId) ? sessionId : undefined);
      operation(duration / 1000, { [ATTR_HANDOFF_OPERATION_NAME]: sessionOperations.handoff.name, ...failure(success, type) });
      if (success) outcome(1, { [ATTR_HANDOFF_REQUEST_OUTCOME]: 'delivered' });
    },
    recordPerformanceMetrics: (name, { duration, success }) => {
      if (!isDuration(duration)) return;
      kept(operations.of(name), duration, success ? undefined : VALUE_OTHER);
      operation(duration / 1000, {
        [ATTR_HANDOFF_OPERATION_NAME]: OPERATIONS.has(name) ? name : VALUE_OTHER,
        ...failure(success, VALUE_OTHER),
      });
    },
  };
}

/** An earlier server counted failures as successes. */
function failure(success: boolean, type: string): Attributes {
  return success ? {} : { [ATTR_ERROR_TYPE]: type };
}

function isDuration(durationMs: number): boolean {
  return Number.isFinite(durationMs) && durationMs >= 0;
}
