import { inspect } from 'node:util';
import { childrenOf, descendantsOf } from '../../../testing/spanAssertions.js';
import { latestPoints } from '../../../testing/metricAssertions.js';
import type { ReceivedTelemetry } from '../../../testing/receiverTypes.js';
import type { SpanRecord } from '../../../testing/records.js';
import { mcpMetrics } from '../../../telemetry/catalogue/mcp.js';
import { ATTR_ERROR_TYPE, ATTR_MCP_METHOD_NAME, ATTR_RPC_RESPONSE_STATUS_CODE } from '../../../telemetry/semconv.js';
import type { CallRecord } from './agent.js';

/** One promise of the demo, and what was found. */
export interface Check {
  readonly label: string;
  /** What is wrong; empty when the promise was kept. */
  readonly faults: readonly string[];
}

/** Compares what arrived with what the agents did. */
export function checkTelemetry(received: ReceivedTelemetry, calls: readonly CallRecord[]): Check[] {
  const spans = received.spans();
  const pairs = calls.map((call) => ({
    call,
    servers: spans.filter(({ kind, parentSpanId }) => kind === 'SERVER' && parentSpanId === call.clientSpanId),
  }));
  const single = pairs.flatMap(({ call, servers: [span, ...more] }) => (span === undefined || more.length > 0 ? [] : [{ call, span }]));
  return [
    {
      label: `${calls.length} MCP calls: one server span each, child of the agent's span`,
      faults: pairs
        .filter(({ servers }) => servers.length !== 1)
        .map(({ call, servers }) => `${describeCall(call)}: ${servers.length} server spans`),
    },
    { label: 'only failures are marked as failures', faults: single.flatMap(({ call, span }) => outcomeFaults(call, span)) },
    {
      label: 'service and SQL spans under every call that reached the database',
      faults: single.filter(({ call }) => call.outcome === 'success').flatMap(({ call, span }) => nestingFaults(call, span, spans)),
    },
    { label: 'log records carry the trace and span of their operation', faults: logFaults(received, spans) },
    { label: 'the duration histogram counts every call', faults: histogramFaults(received, calls) },
  ];
}

function outcomeFaults(call: CallRecord, span: SpanRecord): string[] {
  const errorType = span.attributes[ATTR_ERROR_TYPE];
  const code = span.attributes[ATTR_RPC_RESPONSE_STATUS_CODE];
  // By the conventions, a failed tool marks the server's span as an error; a caller's mistake only records its code.
  const expected = { success: [undefined, undefined], tool_error: ['tool_error', undefined], protocol_error: [undefined, '-32602'] }[
    call.outcome
  ];
  return errorType === expected[0] && code === expected[1]
    ? []
    : [`${describeCall(call)}: error.type ${inspect(errorType)}, status code ${inspect(code)}`];
}

function nestingFaults(call: CallRecord, span: SpanRecord, spans: readonly SpanRecord[]): string[] {
  const services = childrenOf(spans, span).filter(({ name }) => name.startsWith('handoff.'));
  if (services.length !== 1) return [`${describeCall(call)}: ${services.length} service spans`];
  const sql = descendantsOf(spans, span).filter(
    ({ kind, attributes }) => kind === 'CLIENT' && attributes['db.system.name'] === 'postgresql',
  );
  return sql.length > 0 ? [] : [`${describeCall(call)}: no SQL span`];
}

function logFaults(received: ReceivedTelemetry, spans: readonly SpanRecord[]): string[] {
  const operations = spans.filter(({ name, kind }) => name.startsWith('handoff.') && kind === 'INTERNAL');
  const logged = new Map<string, number>();
  for (const { traceId, spanId } of received.logRecords())
    logged.set(`${traceId} ${spanId}`, (logged.get(`${traceId} ${spanId}`) ?? 0) + 1);
  return operations
    .filter(({ traceId, spanId }) => logged.get(`${traceId} ${spanId}`) !== 1)
    .map(({ name, traceId, spanId }) => `${name}: ${logged.get(`${traceId} ${spanId}`) ?? 0} log records`);
}

function histogramFaults(received: ReceivedTelemetry, calls: readonly CallRecord[]): string[] {
  const methods = [...new Set(calls.map(({ method }) => method))];
  const points = latestPoints(received.metricPoints()).filter(({ metric }) => metric === mcpMetrics.serverOperationDuration.name);
  return methods.flatMap((method) => {
    const made = calls.filter((call) => call.method === method).length;
    const counted = points
      .filter(({ attributes }) => attributes[ATTR_MCP_METHOD_NAME] === method)
      .reduce((sum, point) => sum + ('count' in point ? point.count : 0), 0);
    return made === counted ? [] : [`${method}: ${made} calls, ${counted} counted`];
  });
}

function describeCall({ agent, method, tool }: CallRecord): string {
  return `${agent} ${method}${tool === undefined ? '' : ` ${tool}`}`;
}
