import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import type { Attributes, Context } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ambientOf, callerOf, foreignSpan } from '../../../../../src/instrumentation/mcp/connection/foreignSpan.js';
import type { Profile } from '../../../../../src/instrumentation/mcp/profiles/profile.js';
import { profileOf } from '../../../../../src/instrumentation/mcp/profiles/profileOf.js';
import { SCOPE_NAME } from '../../../../../src/telemetry/scope.js';
import { TestScope } from '../scopes.js';
import { TelemetryHarness } from '../telemetryHarness.js';

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(() => telemetry.dispose());

function profile(direction: 'received' | 'sent', method: string, name?: string): Profile {
  const { scope } = new TestScope(telemetry);
  const set = scope.profiles.set({ direction, network: {}, protocolVersion: undefined, server: undefined });
  return profileOf(set, method, name === undefined ? undefined : { name }, scope.namesOf({}));
}

function inside(attributes: Attributes, { kind = SpanKind.INTERNAL, scope = 'other', ended = false } = {}): Context {
  const span = telemetry.tracerProvider.getTracer(scope).startSpan('foreign', { kind, attributes });
  if (ended) span.end();
  return trace.setSpan(ROOT_CONTEXT, span);
}

const MCP = { 'mcp.method.name': 'tools/call' };
const TOOL = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'echo' };

describe('a foreign span', () => {
  it.each([
    ['of the same method and kind', inside.bind(undefined, MCP, { kind: SpanKind.SERVER }), 'received', true],
    ['of another method', inside.bind(undefined, { 'mcp.method.name': 'ping' }, { kind: SpanKind.SERVER }), 'received', false],
    ['of another kind', inside.bind(undefined, MCP, { kind: SpanKind.CLIENT }), 'received', false],
    ['of our own', inside.bind(undefined, MCP, { kind: SpanKind.SERVER, scope: SCOPE_NAME }), 'received', false],
    ['that is over', inside.bind(undefined, MCP, { kind: SpanKind.SERVER, ended: true }), 'received', false],
    ['of a tool, around the call of it', inside.bind(undefined, TOOL), 'sent', true],
    ['of a tool it does not name', inside.bind(undefined, { 'gen_ai.operation.name': 'execute_tool' }), 'sent', true],
    ['of another tool', inside.bind(undefined, { ...TOOL, 'gen_ai.tool.name': 'other' }), 'sent', false],
    ['of a tool that already is an MCP span', inside.bind(undefined, { ...TOOL, 'mcp.method.name': 'ping' }), 'sent', false],
    ['of a tool, on the server', inside.bind(undefined, TOOL), 'received', false],
    ['of something else', inside.bind(undefined, {}), 'sent', false],
  ] as const)('%s', (_what, active, direction, expected) => {
    expect(foreignSpan(active(), profile(direction, 'tools/call', 'echo')) !== undefined).toBe(expected);
  });

  it('around another method than tools/call is none', () => {
    expect(foreignSpan(inside(TOOL), profile('sent', 'ping'))).toBeUndefined();
  });

  it('needs a span, and one that shows its attributes', () => {
    expect(foreignSpan(ROOT_CONTEXT, profile('sent', 'ping'))).toBeUndefined();
    const opaque = trace.setSpanContext(ROOT_CONTEXT, {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'cccccccccccccccc',
      traceFlags: 1,
    });
    expect(foreignSpan(opaque, profile('sent', 'ping'))).toBeUndefined();
  });
});

describe('the ambient context', () => {
  const over = (): Context => inside({}, { ended: true });
  const unsampled = (): Context =>
    trace.setSpanContext(ROOT_CONTEXT, { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'cccccccccccccccc', traceFlags: 0 });

  it.each([
    ['is over', over, 'always', false],
    ['is over', over, 'maybe', false],
    ['is over', over, 'never', true],
    ['was not sampled', unsampled, 'always', false],
    ['was not sampled', unsampled, 'maybe', true],
    ['was not sampled', unsampled, 'never', true],
    ['is open', (): Context => inside({}), 'always', true],
  ] as const)('with a span that %s (%o), read where spans are %s left over, keeps it: %s', (_what, make, staleness, kept) => {
    const active = make();
    expect(trace.getSpan(ambientOf(active, staleness))).toBe(kept ? trace.getSpan(active) : undefined);
  });

  it('without a span is as it is', () => {
    expect(ambientOf(ROOT_CONTEXT, 'always')).toBe(ROOT_CONTEXT);
  });
});

describe('the caller', () => {
  it.each([
    [
      { 'client.address': '1.2.3.4', 'client.port': 5 },
      { 'client.address': '1.2.3.4', 'client.port': 5 },
    ],
    [{ 'client.address': '1.2.3.4', 'network.peer.port': 6 }, { 'client.address': '1.2.3.4' }],
    [
      { 'network.peer.address': '::1', 'network.peer.port': 6 },
      { 'client.address': '::1', 'client.port': 6 },
    ],
    [{ 'client.port': 5 }, undefined],
  ])('is taken from the HTTP span: %j', (attributes, expected) => {
    expect(callerOf(inside(attributes, { kind: SpanKind.SERVER }))).toEqual(expected);
  });

  it('is unknown without one, and is not whom a client has called', () => {
    expect(callerOf(ROOT_CONTEXT)).toBeUndefined();
    expect(callerOf(inside({ 'network.peer.address': '::1' }, { kind: SpanKind.CLIENT }))).toBeUndefined();
  });
});
