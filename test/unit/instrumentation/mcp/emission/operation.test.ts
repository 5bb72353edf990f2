import { SpanStatusCode } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import type { Span as SdkSpan } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Operation } from '../../../../../src/instrumentation/mcp/emission/operation.js';
import type { OperationParts } from '../../../../../src/instrumentation/mcp/emission/operation.js';
import type { Outcome } from '../../../../../src/instrumentation/mcp/message/outcome.js';
import { createSpanGuard } from '../../../../../src/telemetry/guard/spanGuard.js';
import { TestScope } from '../scopes.js';
import { TelemetryHarness } from '../telemetryHarness.js';

let telemetry: TelemetryHarness;
let test: TestScope;
beforeEach(() => {
  telemetry = new TelemetryHarness();
  test = new TestScope(telemetry);
});
afterEach(() => telemetry.dispose());

function start(overrides: Partial<OperationParts> = {}): { operation: Operation; open: () => number } {
  const { scope, clock } = test;
  const profile = scope.profiles.set({ direction: 'received', network: {}, protocolVersion: undefined, server: undefined }).plain('ping');
  const span: Span = telemetry.tracer.startSpan('ping');
  const parts = {
    id: 1,
    method: 'ping',
    profile,
    span,
    ownsSpan: true,
    request: undefined,
    clock,
    record: scope.shared.emitter.operation.received,
    capture: undefined,
  };
  return { operation: new Operation({ ...parts, ...overrides }), open: () => profile.active.open };
}

function withSpan(): { operation: Operation; span: SdkSpan } {
  const span = telemetry.tracer.startSpan('ping') as SdkSpan;
  return { operation: start({ span }).operation, span };
}

function end(outcome: Outcome, prepare: (operation: Operation) => void = () => undefined): ReturnType<TelemetryHarness['span']> {
  const { operation } = start();
  prepare(operation);
  operation.end(outcome);
  return telemetry.span('ping');
}

describe('an operation', () => {
  it('ends once, and is counted down once', async () => {
    const { operation, open } = start();
    expect(open()).toBe(1);
    await test.clock.advance(1500);
    operation.end({});
    operation.end({ errorType: 'cancelled' });
    expect(open()).toBe(0);
    expect(test.points).toEqual([{ metric: 'received', seconds: 1.5, attributes: { 'mcp.method.name': 'ping' } }]);
    expect(telemetry.span('ping').status).toEqual({ code: SpanStatusCode.UNSET });
  });

  it('of a notification is not counted as open', () => {
    const { open } = start({ id: undefined });
    expect(open()).toBe(0);
  });

  it('that began before it was known lasts from then', () => {
    start({ waitedMs: 250 }).operation.end({});
    expect(test.points).toMatchObject([{ seconds: 0.25 }]);
  });

  it('tells code and type on both, the full code on the span, no message anywhere', () => {
    const span = end({ errorType: '_OTHER', statusCode: 123_456, message: 'secret' });
    expect(span.attributes).toEqual({ 'rpc.response.status_code': '123456', 'error.type': '_OTHER' });
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(test.points).toMatchObject([{ attributes: { 'rpc.response.status_code': '_OTHER', 'error.type': '_OTHER' } }]);
    expect(JSON.stringify([test.points, span.events])).not.toContain('secret');
  });

  it('tells an HTTP status on the span only', () => {
    expect(end({ errorType: '503', httpStatus: 503 }).attributes).toEqual({ 'error.type': '503', 'http.response.status_code': 503 });
    expect(test.points).toEqual([{ metric: 'received', seconds: 0, attributes: { 'mcp.method.name': 'ping', 'error.type': '503' } }]);
  });

  it("that was the caller's fault tells the code without an error or exception", () => {
    const span = end({ statusCode: -32_602 }, (operation) => {
      operation.threw(new Error('secret'));
    });
    expect(span.attributes).toEqual({ 'rpc.response.status_code': '-32602' });
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(span.events).toEqual([]);
  });

  it('tells what was thrown by class and frames', () => {
    const span = end({ errorType: 'tool_error' }, (operation) => {
      operation.threw(new RangeError('secret'));
    });
    expect(span.events).toMatchObject([{ name: 'exception', attributes: { 'exception.type': 'RangeError' } }]);
    expect(JSON.stringify(span.events)).not.toContain('secret');
  });

  it('describes its status in words that the guard of spans lets pass', () => {
    const { operation, span } = withSpan();
    operation.end({ errorType: '-32603', statusCode: -32_603, message: 'secret' });
    createSpanGuard({ captureErrorMessages: false })(span);
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'Internal error' });
  });

  it('says nothing more of a span that its owner has ended', () => {
    const span = telemetry.tracer.startSpan('foreign');
    const { operation } = start({ span, ownsSpan: false });
    span.end();
    operation.end({ errorType: 'tool_error' });
    expect(telemetry.span('foreign').attributes).toEqual({});
    expect(test.points).toHaveLength(1);
  });

  it('knows its sender and conversation, if they are told', () => {
    const client = { 'handoff.mcp.client.name': 'c' };
    expect(start().operation.sender).toBeUndefined();
    expect(start({ client }).operation.sender).toBe(client);
    expect(start({ client, conversation: 'x' }).operation.sender).toEqual({ ...client, 'gen_ai.conversation.id': 'x' });
  });

  it.each(['text', 7, null, undefined, { message: 'secret' }])('tells that something was thrown even if it was no error: %j', (thrown) => {
    const span = end({ errorType: 'tool_error' }, (operation) => {
      operation.threw(thrown);
    });
    expect(span.events).toHaveLength(1);
    expect(JSON.stringify(span.events)).not.toContain('secret');
  });

  it('tells result type and negotiated version on both', () => {
    const expected = { 'handoff.mcp.result.type': 'input_required', 'mcp.protocol.version': '2025-11-25' };
    const span = end({}, (operation) => {
      operation.resultType = 'input_required';
      operation.setProtocolVersion('2025-11-25');
    });
    expect(span.attributes).toEqual(expected);
    expect(test.points).toMatchObject([{ attributes: expected }]);
  });

  it('leaves the end of a span it does not own to its owner', () => {
    const span = telemetry.tracer.startSpan('foreign');
    start({ span, ownsSpan: false }).operation.end({ errorType: 'tool_error' });
    expect(telemetry.spans).toEqual([]);
    span.end();
    expect(telemetry.span('foreign').attributes).toEqual({ 'error.type': 'tool_error' });
  });

  it('is recorded when its span is broken or missing', () => {
    const fail = (): never => {
      throw new Error('broken');
    };
    start({ span: { setAttribute: fail, setStatus: fail, end: fail } as unknown as Span }).operation.end({ errorType: 'timeout' });
    start({ span: undefined }).operation.end({ errorType: 'timeout' });
    expect(test.points.map(({ attributes }) => attributes['error.type'])).toEqual(['timeout', 'timeout']);
  });

  it('is overdue when it has waited for about as long as its sender said', async () => {
    const { operation } = start();
    expect(operation.isOverdue).toBe(false);
    operation.timeoutMs = 1000;
    await test.clock.advance(800);
    expect(operation.isOverdue).toBe(false);
    await test.clock.advance(190);
    expect(operation.isOverdue).toBe(true);
  });
});
