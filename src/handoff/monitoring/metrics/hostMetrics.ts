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
import { isRecord } from '../../../values/guards.js';
import type { MonitoringService } from '../monitoringService.js';
import type { Recorder } from '../measurements/recorder.js';
import { BoundedNames } from './boundedNames.js';

export type HostMetrics = Pick<MonitoringService, 'recordToolCall' | 'recordHandoffMetrics' | 'recordPerformanceMetrics'>;

/** More tools than any server has; what a caller made up is `_OTHER` from then on. */
const MAX_TOOLS = 200;
const MAX_ERROR_TYPES = 50;
const MAX_OPERATIONS = 200;

const OPERATIONS: ReadonlySet<unknown> = new Set(
  operationMetrics.duration.attributes.flatMap(({ key, values }) =>
    key === ATTR_HANDOFF_OPERATION_NAME && typeof values !== 'string' ? values.map(String) : [],
  ),
);

/**
 * Feeds what a host has measured into the metrics that our own code records. Nothing is recorded for what is no duration. Hosts without
 * types may give anything, so nothing is taken for what it should be.
 */
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
    recordToolCall: neverThrowing((toolName: unknown, duration: unknown, success: unknown) => {
      if (!isDuration(duration)) return;
      const name = tools.of(toolName);
      kept(name, duration, success === true ? undefined : 'tool_error');
      toolCall(duration / 1000, {
        [ATTR_MCP_METHOD_NAME]: 'tools/call',
        [ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool',
        [ATTR_GEN_AI_TOOL_NAME]: name,
        ...failure(success, 'tool_error'),
      });
    }),
    recordHandoffMetrics: neverThrowing((sessionId: unknown, given: unknown) => {
      const { duration, success, errorType } = fieldsOf(given);
      if (!isDuration(duration)) return;
      const type = errorTypes.of(errorType);
      const { name } = sessionOperations.handoff;
      kept(name, duration, success === true ? undefined : type, typeof sessionId === 'string' ? sessionId : undefined);
      operation(duration / 1000, { [ATTR_HANDOFF_OPERATION_NAME]: name, ...failure(success, type) });
      if (success === true) outcome(1, { [ATTR_HANDOFF_REQUEST_OUTCOME]: 'delivered' });
    }),
    recordPerformanceMetrics: neverThrowing((name: unknown, given: unknown) => {
      const { duration, success } = fieldsOf(given);
      if (!isDuration(duration)) return;
      kept(operations.of(name), duration, success === true ? undefined : VALUE_OTHER);
      operation(duration / 1000, {
        [ATTR_HANDOFF_OPERATION_NAME]: typeof name === 'string' && OPERATIONS.has(name) ? name : VALUE_OTHER,
        ...failure(success, VALUE_OTHER),
      });
    }),
  };
}

/** Even a getter of the host's may throw. */
function neverThrowing<Args extends unknown[]>(record: (...args: Args) => void): (...args: Args) => void {
  return (...args) => {
    try {
      record(...args);
    } catch {
      // There is nobody to tell: the host is at work, and this is beside it.
    }
  };
}

function fieldsOf(given: unknown): Record<string, unknown> {
  return isRecord(given) ? given : {};
}

/** An earlier server counted failures as successes. */
function failure(success: unknown, type: string): Attributes {
  return success === true ? {} : { [ATTR_ERROR_TYPE]: type };
}

function isDuration(durationMs: unknown): durationMs is number {
  return typeof durationMs === 'number' && Number.isFinite(durationMs) && durationMs >= 0;
}
