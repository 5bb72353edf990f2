import { describe, expect, it } from 'vitest';
import {
  childrenOf,
  descendantsOf,
  expectHistogramPoint,
  expectLog,
  expectMetricPoint,
  expectOneSpan,
  findLogs,
  findSpan,
  findSpans,
  latestPoints,
  TelemetryMismatchError,
  traceOf,
} from '../../../src/testing.js';
import { histogramPoint, logRecord, nanosAt, spanRecord } from './records.js';

const root = spanRecord('1', 0, 10, { name: 'tools/call add', kind: 'SERVER', attributes: { 'gen_ai.tool.name': 'add', sizes: [1, 2] } });
const second = spanRecord('3', 5, 6, { parent: '1', name: 'SELECT b', kind: 'CLIENT' });
const first = spanRecord('2', 1, 2, { parent: '1', name: 'SELECT a', kind: 'CLIENT', status: { code: 'ERROR' } });
const grandchild = spanRecord('4', 5, 6, { parent: '3' });
const stranger = spanRecord('5', 0, 1, { traceId: 'f'.repeat(32), parent: '1' });
const spans = [grandchild, second, first, root, stranger];

describe('spans', () => {
  it.each([
    [{ name: 'tools/call add' }, [root]],
    [{ name: /^SELECT /g }, [second, first]],
    [{ kind: 'CLIENT', status: 'ERROR' } as const, [first]],
    [{ attributes: { 'gen_ai.tool.name': 'add', 'error.type': undefined, sizes: [1, 2] } }, [root]],
    [{ attributes: { 'gen_ai.tool.name': /d{2}/, sizes: (value: unknown) => Array.isArray(value) } }, [root]],
    [{ attributes: { toString: undefined }, traceId: stranger.traceId }, [stranger]],
    [{ parentSpanId: second.spanId }, [grandchild]],
    [{ resource: { 'service.name': 'other' } }, []],
    [{ scope: 'scope', kind: 'SERVER' } as const, [root]],
  ])('are found by %o', (query, expected) => {
    expect(findSpans(spans, query)).toEqual(expected);
    expect(findSpan(spans, query)).toBe(expected[0]);
  });

  it('are walked by parent, in order of time, within their trace', () => {
    expect(childrenOf(spans, root)).toEqual([first, second]);
    expect(descendantsOf(spans, root)).toEqual([first, second, grandchild]);
    expect(traceOf(spans, root.traceId).map((span) => span.spanId.at(-1))).toEqual(['1', '2', '4', '3']);
  });

  it('that form a loop do not hang the walk', () => {
    const loop = [spanRecord('a', 0, 1, { parent: 'b' }), spanRecord('b', 0, 1, { parent: 'a' })] as const;
    expect(descendantsOf(loop, loop[0])).toEqual([loop[1]]);
  });

  it('an expectation returns the one span, or says what there is', () => {
    expect(expectOneSpan(spans, { kind: 'SERVER' })).toBe(root);
    expect(() => expectOneSpan([root], { name: 'tools/call sub' })).toThrow(
      new TelemetryMismatchError(
        `Expected one span matching { name: 'tools/call sub' }, found none among 1:\n  SERVER 'tools/call add' UNSET { 'gen_ai.tool.name': 'add', sizes: [ 1, 2 ] }`,
        { matched: 0, candidates: 1 },
      ),
    );
    expect(() => expectOneSpan(spans, { kind: 'CLIENT' })).toThrow(`found 2:\n  CLIENT 'SELECT b' UNSET\n  CLIENT 'SELECT a' ERROR`);
    expect(() => expectOneSpan([], {})).toThrow('found none among 0:\n  (none)');
  });

  it('a long list of candidates is cut', () => {
    const many = Array.from({ length: 30 }, (_, i) => spanRecord(String(i + 10), 0, 1));
    expect(() => expectOneSpan(many, { name: 'x' })).toThrow('… and 18 more');
  });
});

describe('metrics', () => {
  const add = { 'gen_ai.tool.name': 'add' };
  const earlier = histogramPoint({ attributes: add, timeUnixNano: nanosAt(1) });
  const later = histogramPoint({ attributes: add, timeUnixNano: nanosAt(2), count: 2 });
  const other = histogramPoint({ attributes: { 'gen_ai.tool.name': 'sub' } });
  const points = [later, earlier, other];

  it('the newest point of each series counts', () => {
    expect(latestPoints(points)).toEqual([later, other]);
    expect(expectHistogramPoint(points, { metric: 'mcp.server.operation.duration', unit: 's', attributes: add, count: 2 })).toBe(later);
    expect(expectMetricPoint(points, { metric: 'mcp.server.operation.duration', attributes: { 'gen_ai.tool.name': 'sub' } })).toBe(other);
  });

  it('the same series of two processes are two', () => {
    const elsewhere = histogramPoint({ attributes: add, resource: { attributes: { 'process.pid': 2 } } });
    expect(() => expectHistogramPoint([later, elsewhere], { metric: 'mcp.server.operation.duration' })).toThrow('found 2');
    expect(expectHistogramPoint([later, elsewhere], { metric: 'mcp.server.operation.duration', resource: { 'process.pid': 2 } })).toBe(
      elsewhere,
    );
  });

  it.each([
    [{ metric: 'other' }],
    [{ metric: 'mcp.server.operation.duration', unit: 'ms' }],
    [{ metric: 'mcp.server.operation.duration', attributes: add, count: 3 }],
    [{ metric: 'mcp.server.operation.duration' }],
  ])('a mismatch with %o is an error that lists series', (query) => {
    expect(() => expectHistogramPoint(points, query)).toThrow(
      /Expected one histogram series[^]*histogram mcp\.server\.operation\.duration \(s\) count 2 \{ 'gen_ai\.tool\.name': 'add' \}/,
    );
  });
});

describe('logs', () => {
  const requested = logRecord({
    body: 'handoff requested',
    eventName: 'handoff.requested',
    severityNumber: 13,
    severityText: 'WARN',
    spanId: '00f067aa0ba902b7',
  });
  const structured = logRecord({ body: { text: 'inner' } });
  const logs = [requested, structured];

  it.each([
    [{ body: /requested$/ }, [requested]],
    [{ body: /inner/ }, [structured]],
    [{ eventName: 'handoff.requested' }, [requested]],
    [{ severityNumberMin: 13 }, [requested]],
    [{ severityText: 'INFO' }, [structured]],
    [{ spanId: '00f067aa0ba902b7' }, [requested]],
    [{ traceId: 'f'.repeat(32) }, []],
  ])('are found by %o', (query, expected) => {
    expect(findLogs(logs, query)).toEqual(expected);
  });

  it('a record that came twice is an error', () => {
    expect(expectLog(logs, { body: 'handoff requested' })).toBe(requested);
    expect(() => expectLog([requested, requested], { body: 'handoff requested' })).toThrow(
      `found 2:\n  WARN [handoff.requested] 'handoff requested' trace 4bf92f3577b34da6a3ce929d0e0e4736`,
    );
  });
});
