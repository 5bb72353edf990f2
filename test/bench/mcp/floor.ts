import { SpanKind, metrics, trace } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_JSONRPC_REQUEST_ID,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCP_PROTOCOL_VERSION,
} from '../../../src/telemetry/semconv.js';
import { TOOL } from './subject.js';

const SECONDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

/**
 * The least that tells a `tools/call` as the conventions want it, written by hand for this one tool: an active SERVER
 * span and one histogram point, each with every attribute they require or recommend here. In memory there is no network
 * and no HTTP session, so nothing of those. No parent is looked for, no error is told: it is a floor.
 */
export function createFloor(protocolVersion: string): <T>(requestId: string | number, run: () => T) => T {
  const tracer = trace.getTracer('floor');
  const duration = metrics
    .getMeter('floor')
    .createHistogram('mcp.server.operation.duration', { unit: 's', advice: { explicitBucketBoundaries: SECONDS } });
  return (requestId, run) => {
    const startMs = performance.now();
    const attributes = {
      [ATTR_MCP_METHOD_NAME]: 'tools/call',
      [ATTR_GEN_AI_TOOL_NAME]: TOOL,
      [ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool',
      [ATTR_MCP_PROTOCOL_VERSION]: protocolVersion,
      [ATTR_JSONRPC_REQUEST_ID]: String(requestId),
    };
    return tracer.startActiveSpan(`tools/call ${TOOL}`, { kind: SpanKind.SERVER, attributes }, (span) => {
      try {
        return run();
      } finally {
        span.end();
        duration.record((performance.now() - startMs) / 1000, {
          [ATTR_MCP_METHOD_NAME]: 'tools/call',
          [ATTR_GEN_AI_TOOL_NAME]: TOOL,
          [ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool',
          [ATTR_MCP_PROTOCOL_VERSION]: protocolVersion,
        });
      }
    });
  };
}
