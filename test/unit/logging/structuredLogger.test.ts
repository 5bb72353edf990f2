import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../../../src/logging/logger.js';
import { createStructuredLogger } from '../../../src/logging/structuredLogger.js';
import type { StructuredLogger } from '../../../src/logging/types.js';
import { MemoryDestination } from './memoryDestination.js';

let destination: MemoryDestination;
let log: StructuredLogger;
beforeEach(() => {
  destination = new MemoryDestination();
  log = createStructuredLogger(createLogger({ destination }));
});

describe('the structured logger', () => {
  it('has seven methods, each with an event name and a level of its own', () => {
    log.logToolCall({
      toolName: 't',
      executionTimeMs: 1.5,
      success: true,
      sessionId: 's',
      correlationId: 'c',
      userId: 'u',
      metadata: { a: 1 },
    });
    log.logHandoffEvent({ agentFrom: 'a', agentTo: 'b', handoffType: 'request', success: false, contextSize: 10 });
    log.logSystemEvent({ component: 'db', operation: 'migrate', status: 'failed', duration: 3 });
    log.logError(new Error('x'), { errorType: 'DatabaseError', component: 'db', timestamp: new Date(0) });
    log.logWarning('pool nearly full', { warningType: 'Resource', component: 'db', threshold: 10, currentValue: 9 });
    log.logPerformanceMetric({ metricName: 'm', metricValue: 1, metricType: 'gauge', unit: 'By', tags: { a: 'b' } });
    log.logResourceUsage({ component: 'p', memoryUsageMB: 1, cpuUsagePercent: 2 });
    expect(destination.lines.map((line) => [line['event.name'], line['level']])).toEqual([
      ['handoff.log.tool_call', 30],
      ['handoff.log.handoff', 40],
      ['handoff.log.system', 50],
      ['handoff.log.error', 50],
      ['handoff.log.warning', 40],
      ['handoff.log.performance', 30],
      ['handoff.log.resource_usage', 30],
    ]);
    expect(destination.lines[0]).toMatchObject({
      msg: 'tool call succeeded',
      toolName: 't',
      executionTimeMs: 1.5,
      sessionId: 's',
      correlationId: 'c',
      userId: 'u',
      metadata: { a: 1 },
    });
    expect(destination.lines[1]).toMatchObject({
      msg: 'handoff failed',
      agentFrom: 'a',
      agentTo: 'b',
      handoffType: 'request',
      contextSize: 10,
    });
    expect(destination.lines[3]).toMatchObject({
      errorType: 'DatabaseError',
      err: { type: 'Error' },
      timestamp: '1970-01-01T00:00:00.000Z',
    });
    expect(destination.lines[4]).toMatchObject({ msg: 'pool nearly full', threshold: 10 });
  });

  it('keeps what callers said out, unless asked', () => {
    const said = { inputParameters: { text: 'secret' }, outputData: ['secret'], errorMessage: 'secret' };
    log.logToolCall({ toolName: 't', executionTimeMs: 1, success: false, ...said });
    log.logHandoffEvent({ agentFrom: 'a', agentTo: 'b', handoffType: 'reject', success: false, reason: 'secret' });
    log.logError(new Error('secret'), { errorType: 'SystemError', component: 'c', stackTrace: 'Error: secret\n    at f (x.js:1:1)' });
    expect(destination.texts.join('')).not.toContain('secret');
    expect(destination.last).toMatchObject({ stackTrace: '    at f (x.js:1:1)' });

    const open = createStructuredLogger(createLogger({ destination }), { content: true });
    open.logToolCall({ toolName: 't', executionTimeMs: 1, success: true, ...said, inputParameters: { text: 'y'.repeat(10_000) } });
    expect(destination.last).toMatchObject({ outputData: ['secret'], errorMessage: 'secret' });
    expect(destination.texts.at(-1)?.length).toBeLessThan(5000);
    open.logHandoffEvent({ agentFrom: 'a', agentTo: 'b', handoffType: 'reject', success: true, reason: 'secret' });
    expect(destination.last).toMatchObject({ reason: 'secret', level: 30 });
  });

  it('makes no record that the log does not want, of which it tells level, event and component', () => {
    const wants = vi.fn(() => false);
    const sink = { info: vi.fn(), warn: vi.fn(), error: vi.fn(), wants };
    const quiet = createStructuredLogger(sink);
    quiet.logToolCall({ toolName: 't', executionTimeMs: 1, success: true });
    quiet.logHandoffEvent({ agentFrom: 'a', agentTo: 'b', handoffType: 'request', success: false });
    quiet.logSystemEvent({ component: 'db', operation: 'migrate', status: 'failed' });
    quiet.logError(new Error('x'), { errorType: 'DatabaseError', component: 'db' });
    quiet.logWarning('w', { warningType: 'Resource', component: 'db' });
    quiet.logPerformanceMetric({ metricName: 'm', metricValue: 1, metricType: 'gauge', unit: 'By' });
    quiet.logResourceUsage({ component: 'p', memoryUsageMB: 1, cpuUsagePercent: 2 });
    expect(wants.mock.calls).toEqual([
      ['info', 'handoff.log.tool_call', undefined],
      ['warn', 'handoff.log.handoff', undefined],
      ['error', 'handoff.log.system', 'db'],
      ['error', 'handoff.log.error', 'db'],
      ['warn', 'handoff.log.warning', 'db'],
      ['info', 'handoff.log.performance', undefined],
      ['info', 'handoff.log.resource_usage', 'p'],
    ]);
    expect([sink.info, sink.warn, sink.error].map(({ mock }) => mock.calls)).toEqual([[], [], []]);
  });

  it('never throws, whatever it is given and wherever it writes', () => {
    const hostile = {
      errorType: 'SystemError' as const,
      component: 'c',
      get additionalInfo(): never {
        throw new Error('getter');
      },
    };
    expect(() => {
      log.logError(new Error('x'), hostile);
    }).not.toThrow();
    const fail = (): never => {
      throw new Error('sink');
    };
    expect(() => {
      createStructuredLogger({ info: fail, warn: fail, error: fail }).logWarning('w', { warningType: 'Resource', component: 'c' });
    }).not.toThrow();
  });
});
