import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Span } from '@opentelemetry/api';
import { Continuations } from '../../../../../src/instrumentation/mcp/scope/continuations.js';
import { RememberedSpans } from '../../../../../src/instrumentation/mcp/scope/rememberedSpans.js';
import { TelemetryHarness } from '../telemetryHarness.js';

let telemetry: TelemetryHarness;
let span: Span;
let continuations: Continuations;
beforeEach(() => {
  telemetry = new TelemetryHarness();
  span = telemetry.tracer.startSpan('first');
  continuations = new Continuations();
});
afterEach(() => telemetry.dispose());

const link = (): object => ({ context: span.spanContext() });

describe('tasks', () => {
  it.each(['tasks/get', 'tasks/result', 'tasks/cancel', 'tasks/update'])('%s links to the request that made the task', (method) => {
    continuations.answered('received', 'tools/call', { task: { taskId: 't1' } }, span);
    expect(continuations.linkOf('received', { method, params: { taskId: 't1' } })).toEqual(link());
    expect(continuations.linkOf('received', { method, params: { taskId: 't2' } })).toBeUndefined();
    expect(continuations.linkOf('sent', { method, params: { taskId: 't1' } })).toBeUndefined();
  });

  it('of 2026-07-28 have their id in the result itself', () => {
    continuations.answered('sent', 'tools/call', { resultType: 'task', taskId: 't1' }, span);
    expect(continuations.linkOf('sent', { method: 'tasks/get', params: { taskId: 't1' } })).toEqual(link());
    continuations.answered('sent', 'tools/call', { resultType: 'complete', taskId: 't2' }, span);
    expect(continuations.linkOf('sent', { method: 'tasks/get', params: { taskId: 't2' } })).toBeUndefined();
  });

  it('are told of by notifications that travel the other way', () => {
    continuations.answered('received', 'tools/call', { task: { taskId: 't1' } }, span);
    expect(continuations.linkOf('sent', { method: 'notifications/tasks/status', params: { taskId: 't1' } })).toEqual(link());
    expect(continuations.linkOf('received', { method: 'notifications/tasks/status', params: { taskId: 't1' } })).toBeUndefined();
  });

  it.each([[undefined], [null], [{}], [{ taskId: 7 }], [{ taskId: 'x'.repeat(513) }]])('need a usable id: %j', (params) => {
    continuations.answered('received', 'tools/call', { task: params }, span);
    expect(continuations.linkOf('received', { method: 'tasks/get', params })).toBeUndefined();
  });

  it('are nothing to other methods', () => {
    continuations.answered('received', 'tools/call', { task: { taskId: 't1' } }, span);
    expect(continuations.linkOf('received', { method: 'tools/call', params: { taskId: 't1' } })).toBeUndefined();
  });

  it('answered without a span are not remembered', () => {
    continuations.answered('received', 'tools/call', { task: { taskId: 't1' } }, undefined);
    expect(continuations.linkOf('received', { method: 'tasks/get', params: { taskId: 't1' } })).toBeUndefined();
  });
});

describe('rounds', () => {
  const asked = { resultType: 'input_required', requestState: 's1' };
  const again = { inputResponses: {}, requestState: 's1' };

  it.each(['received', 'sent'] as const)('link to the one before by method and state, %s', (direction) => {
    continuations.answered(direction, 'tools/call', asked, span);
    expect(continuations.linkOf(direction, { method: 'tools/call', params: again })).toEqual(link());
    expect(continuations.linkOf(direction, { method: 'prompts/get', params: again })).toBeUndefined();
    expect(continuations.linkOf(direction, { method: 'tools/call', params: { ...again, requestState: 's2' } })).toBeUndefined();
    expect(continuations.linkOf(direction, { method: 'tools/call', params: { requestState: 's1' } })).toBeUndefined();
  });

  it('without a state link where there is one client only: on its side', () => {
    for (const direction of ['received', 'sent'] as const)
      continuations.answered(direction, 'tools/call', { resultType: 'input_required' }, span);
    expect(continuations.linkOf('sent', { method: 'tools/call', params: { inputResponses: {} } })).toEqual(link());
    expect(continuations.linkOf('received', { method: 'tools/call', params: { inputResponses: {} } })).toBeUndefined();
  });
});

describe('remembered spans', () => {
  it('are at most a thousand, the oldest go first', () => {
    const remembered = new RememberedSpans();
    for (let index = 0; index < 1000; index += 1) remembered.remember(String(index), span.spanContext());
    remembered.remember('0', span.spanContext());
    remembered.remember('1000', span.spanContext());
    expect([remembered.recall('0'), remembered.recall('1'), remembered.recall('2')].map((found) => found !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
  });
});
