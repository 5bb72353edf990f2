import { isDeepStrictEqual } from 'node:util';
import { descendantsOf, expectOneSpan, findMetricPoints, findSpans, latestPoints } from '../../../src/testing.js';
import type { HistogramPoint, OtlpReceiver, ReceivedTelemetry, SpanRecord } from '../../../src/testing.js';
import { SCOPE_NAME } from '../../../src/telemetry/scope.js';
import { PARENT_SPAN_ID, toolOf, traceIdOf } from './exchange.js';
import type { Conversation, Exchange } from './exchange.js';
import { expectedOf } from './expected.js';
import type { Expected } from './expected.js';

const BOUNDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];
const DURATION = 'mcp.server.operation.duration';

type Transport = 'stdio' | 'http';

/**
 * The one SERVER span of an exchange, child of its caller's span. Throws what is wrong with it.
 *
 * @param namesItself the span is the program's own, which is given our attributes but keeps its name
 */
export function expectServerSpan(
  received: ReceivedTelemetry,
  exchange: Exchange,
  conversation: Conversation,
  transport: Transport,
  namesItself = false,
): SpanRecord {
  const traceId = traceIdOf(exchange.id);
  const { name, status, span } = expectedOf(exchange, conversation, transport);
  expectOneSpan(received.spans(), { traceId, kind: 'SERVER' });
  return expectOneSpan(received.spans(), {
    traceId,
    kind: 'SERVER',
    status,
    parentSpanId: PARENT_SPAN_ID,
    attributes: span,
    ...(namesItself ? {} : { name }),
  });
}

/** Throws unless a client span of `database` is beneath the exchange's span. */
export function expectDatabaseSpan(received: ReceivedTelemetry, exchange: Exchange): void {
  const server = expectOneSpan(received.spans(), { traceId: traceIdOf(exchange.id), kind: 'SERVER' });
  const found = findSpans(descendantsOf(received.spans(), server), { kind: 'CLIENT', attributes: { 'db.system.name': exchange.database } });
  if (found.length === 0) throw new Error(`No ${exchange.database} span beneath ${server.name}, request ${exchange.id}.`);
}

/** Throws unless the call was passed on in one CLIENT span beneath its SERVER span. */
export function expectClientSpan(received: ReceivedTelemetry, exchange: Exchange): void {
  const server = expectOneSpan(received.spans(), { traceId: traceIdOf(exchange.id), kind: 'SERVER' });
  expectOneSpan(descendantsOf(received.spans(), server), {
    kind: 'CLIENT',
    name: new RegExp(`^${exchange.method}( |$)`),
    attributes: { 'mcp.method.name': exchange.method, 'gen_ai.tool.name': toolOf(exchange), 'network.transport': 'pipe' },
  });
}

/** Throws unless the exchanges with the same expected attributes are counted in one duration series, each once. Returns how many series. */
export function expectPoints(received: ReceivedTelemetry, conversation: Conversation, transport: Transport): number {
  const groups = groupsOf(conversation, transport);
  for (const { point, count } of groups) {
    const points = durations(received).filter(({ attributes }) =>
      Object.entries(point).every(([key, value]) => isDeepStrictEqual(attributes[key], value)),
    );
    const seen = points.reduce((sum, { count: of }) => sum + of, 0);
    if (seen !== count)
      throw new Error(
        `${DURATION} has ${seen} of ${count} measurements with ${JSON.stringify(point)}. It has: ${JSON.stringify(durations(received).map(({ attributes, count: of }) => [of, attributes]))}`,
      );
    const misshapen = points.find(({ unit, explicitBounds }) => unit !== 's' || !isDeepStrictEqual([...explicitBounds], BOUNDS));
    if (misshapen !== undefined) throw new Error(`${DURATION} has unit ${misshapen.unit} and bounds ${misshapen.explicitBounds.join()}.`);
  }
  return groups.length;
}

/** The duration series of ours; a program may have an instrumentation of its own. */
function durations(received: ReceivedTelemetry): readonly HistogramPoint[] {
  const points = findMetricPoints(received.metricPoints(), { metric: DURATION, kind: 'histogram' }).filter(
    (point) => point.kind === 'histogram',
  );
  return latestPoints(points.filter(({ scope }) => scope.name === SCOPE_NAME));
}

/** Resolves when as many requests were traced and measured, and at the latest after some seconds: the checks say better what is missing. */
export const seen =
  (receiver: OtlpReceiver) =>
  async (count: number): Promise<void> => {
    const measured = (received: ReceivedTelemetry): number => durations(received).reduce((sum, point) => sum + point.count, 0);
    const traced = (received: ReceivedTelemetry): number =>
      mcpServerSpans(received).filter(({ attributes }) => 'jsonrpc.request.id' in attributes).length;
    await receiver
      .waitFor((received) => measured(received) >= count && traced(received) >= count, { timeoutMs: 10_000 })
      .catch(() => undefined);
  };

/** SERVER spans of MCP messages, whoever made them. */
export const mcpServerSpans = (received: ReceivedTelemetry): readonly SpanRecord[] =>
  findSpans(received.spans(), { kind: 'SERVER', attributes: { 'mcp.method.name': () => true } });

function groupsOf(
  conversation: Conversation,
  transport: Transport,
): readonly { readonly point: Expected['point']; readonly count: number }[] {
  const groups: { point: Expected['point']; count: number }[] = [];
  for (const exchange of conversation.exchanges) {
    const { point } = expectedOf(exchange, conversation, transport);
    const group = groups.find((other) => isDeepStrictEqual(other.point, point));
    if (group === undefined) groups.push({ point, count: 1 });
    else group.count++;
  }
  return groups;
}
