import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GivenMonitoring } from './givenMonitoring.js';

let given: GivenMonitoring;
beforeEach(() => {
  given = new GivenMonitoring();
});
afterEach(() => given.dispose());

type AnyMethod = (...args: unknown[]) => void;

describe('what a host records', () => {
  it('is in the metrics that our own code records, a failure as a failure', async () => {
    given.create();
    given.monitoring.recordToolCall('search', 250, true);
    given.monitoring.recordToolCall('search', 250, false);
    given.monitoring.recordToolCall('free text of a caller', 1, true);
    const calls = await given.points('mcp.server.operation.duration');
    const base = { 'mcp.method.name': 'tools/call', 'gen_ai.operation.name': 'execute_tool' };
    expect(calls.map(({ attributes }) => attributes)).toEqual([
      { ...base, 'gen_ai.tool.name': 'search' },
      { ...base, 'gen_ai.tool.name': 'search', 'error.type': 'tool_error' },
      { ...base, 'gen_ai.tool.name': '_OTHER' },
    ]);
    expect(calls[0]?.value).toMatchObject({ count: 1, sum: 0.25 });
  });

  it('has no ids, agents or free text', async () => {
    given.create();
    const handoff = { sessionId: 's', agentFrom: 'a', agentTo: 'b', duration: 10 };
    given.monitoring.recordHandoffMetrics('s', { ...handoff, success: true });
    given.monitoring.recordHandoffMetrics('s', { ...handoff, success: false, errorType: 'TimeoutError' });
    given.monitoring.recordHandoffMetrics('s', { ...handoff, success: false, errorType: 'free text' });
    given.monitoring.recordPerformanceMetrics('handoff.context.append', { duration: 1, success: true });
    given.monitoring.recordPerformanceMetrics('their_own', { duration: 1, success: false });
    expect((await given.points('handoff.operation.duration')).map(({ attributes }) => attributes)).toEqual([
      { 'handoff.operation.name': 'handoff.session.handoff' },
      { 'handoff.operation.name': 'handoff.session.handoff', 'error.type': 'TimeoutError' },
      { 'handoff.operation.name': 'handoff.session.handoff', 'error.type': '_OTHER' },
      { 'handoff.operation.name': 'handoff.context.append' },
      { 'handoff.operation.name': '_OTHER', 'error.type': '_OTHER' },
    ]);
    expect(await given.points('handoff.request.outcomes')).toEqual([{ attributes: { 'handoff.request.outcome': 'delivered' }, value: 1 }]);
  });

  it('is bounded, and nothing where it is no duration', async () => {
    given.create();
    for (const wrong of [-1, Number.NaN, Infinity]) given.monitoring.recordToolCall('search', wrong, true);
    expect(await given.points('mcp.server.operation.duration')).toEqual([]);
    for (let at = 0; at < 300; at += 1) given.monitoring.recordToolCall(`tool_${at}`, 1, true);
    expect((await given.points('mcp.server.operation.duration')).length).toBe(201);
  });
});

describe('what no type allows', () => {
  const odd: readonly unknown[] = [undefined, null, 7, Symbol('s'), {}, [], () => 1, 'x'.repeat(1000)];
  const throwing = {
    get duration(): number {
      throw new Error('no');
    },
  };

  it('is recorded as _OTHER or not at all, never throws, and does not switch measurements off', async () => {
    given.create();
    const host = given.monitoring as unknown as Record<'recordToolCall' | 'recordHandoffMetrics' | 'recordPerformanceMetrics', AnyMethod>;
    for (const value of [...odd, throwing]) {
      host.recordToolCall(value, 5, true);
      host.recordToolCall('search', value, value);
      host.recordHandoffMetrics(value, { duration: 5, success: false, errorType: value });
      host.recordHandoffMetrics('s', value);
      host.recordPerformanceMetrics(value, { duration: 5, success: true });
      host.recordPerformanceMetrics('their_own', value);
    }
    given.monitoring.start();
    await expect.poll(() => given.written('performance').map(({ operation }) => operation)).toContain('handoff.session.handoff');
    expect(given.recording.records.filter(({ fields }) => fields['event.name'] === 'handoff.measurements.unavailable')).toEqual([]);
    const names = (await given.points('mcp.server.operation.duration')).map(({ attributes }) => attributes['gen_ai.tool.name']);
    expect(new Set(names)).toEqual(new Set(['_OTHER', 'search']));
  });
});
