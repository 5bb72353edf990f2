import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  childrenOf,
  expectHistogramPoint,
  expectLog,
  expectMetricPoint,
  expectOneSpan,
  startOtlpReceiver,
  type OtlpReceiver,
} from '../../../src/testing.js';
import { sendLogs, sendMetrics, sendTrace, type Wire } from './senders.js';

const WIRES: readonly Wire[] = [
  { encoding: 'json', gzip: false },
  { encoding: 'json', gzip: true },
  { encoding: 'protobuf', gzip: false },
  { encoding: 'protobuf', gzip: true },
];

const RESOURCE = { 'service.name': 'sender', 'process.pid': 4242, 'host.load': 0.5, 'service.tags': ['a', 'b'] };
const SCOPE = { name: 'test-scope', version: '1.2.3', attributes: {} };

describe.each(WIRES)('what the OpenTelemetry exporters send as $encoding, gzip $gzip', (wire) => {
  let receiver: OtlpReceiver;

  beforeEach(async () => {
    receiver = await startOtlpReceiver();
  });
  afterEach(async () => {
    await receiver.close();
  });

  it('spans arrive with every field', async () => {
    await sendTrace(receiver.url, wire);
    const spans = receiver.spans();
    expect(spans).toHaveLength(2);
    const root = expectOneSpan(spans, { name: 'tools/call add', kind: 'SERVER' });
    expect(root).toEqual({
      traceId: expect.stringMatching(/^[\da-f]{32}$/),
      spanId: expect.stringMatching(/^[\da-f]{16}$/),
      name: 'tools/call add',
      kind: 'SERVER',
      startTimeUnixNano: 1_767_225_600_123_456_789n,
      endTimeUnixNano: 1_767_225_600_133_456_790n,
      durationMs: 10.000001,
      attributes: {
        'a.string': 'ü ✓',
        'an.int': -7,
        'a.big': 4_503_599_627_370_496,
        'a.double': 1.5,
        'a.bool': true,
        'a.list': ['x', 'y'],
        'an.empty': '',
      },
      status: { code: 'UNSET' },
      events: [{ name: 'cache.miss', timeUnixNano: 1_767_225_600_124_000_000n, attributes: { key: 'k' } }],
      links: [],
      scope: SCOPE,
      resource: { attributes: RESOURCE },
    });
    expect(childrenOf(spans, root)).toEqual([
      expect.objectContaining({
        name: 'INSERT sessions',
        kind: 'CLIENT',
        traceId: root.traceId,
        parentSpanId: root.spanId,
        durationMs: 1.5,
        status: { code: 'ERROR', message: 'SQLSTATE 23505' },
        links: [{ traceId: root.traceId, spanId: root.spanId, attributes: { why: 'test' } }],
      }),
    ]);
  });

  it('metric points of every kind arrive with their buckets', async () => {
    await sendMetrics(receiver.url, wire);
    const points = receiver.metricPoints();
    expect(
      expectHistogramPoint(points, { metric: 'test.duration', unit: 's', attributes: { 'mcp.method.name': 'tools/call' } }),
    ).toMatchObject({
      description: 'How long.',
      temporality: 'CUMULATIVE',
      count: 4,
      sum: 5.115,
      min: 0.005,
      max: 5,
      bucketCounts: [1, 2, 0, 1],
      explicitBounds: [0.01, 0.1, 1],
      scope: SCOPE,
      resource: { attributes: RESOURCE },
    });
    expect(expectMetricPoint(points, { metric: 'test.calls' })).toMatchObject({
      kind: 'sum',
      monotonic: true,
      temporality: 'CUMULATIVE',
      value: 3,
      unit: '{call}',
    });
    expect(expectMetricPoint(points, { metric: 'test.active' })).toMatchObject({ kind: 'sum', monotonic: false, value: -2 });
    expect(expectMetricPoint(points, { metric: 'test.load' })).toMatchObject({ kind: 'gauge', value: 0.75 });
    const exponential = expectMetricPoint(points, { metric: 'test.exponential', kind: 'exponentialHistogram' });
    expect(exponential).toMatchObject({ temporality: 'CUMULATIVE', count: 4, sum: 7, min: 0, max: 4, zeroCount: 1 });
    if (exponential.kind !== 'exponentialHistogram') throw new Error('narrowing');
    const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
    expect(total(exponential.positive.bucketCounts)).toBe(3);
    expect(total(exponential.negative.bucketCounts)).toBe(0);
    // The bucket that holds the value 4 must be the last: 4 lies in (base^(i), base^(i+1)] of the last index.
    const last = exponential.positive.offset + exponential.positive.bucketCounts.findLastIndex((count) => count > 0);
    const base = 2 ** (2 ** -exponential.scale);
    expect(base ** last).toBeLessThan(4);
    expect(base ** (last + 1)).toBeGreaterThanOrEqual(4 - 1e-9);
  });

  it('log records arrive with trace ids, event name and nested values', async () => {
    await sendLogs(receiver.url, wire);
    const logs = receiver.logRecords();
    expect(expectLog(logs, { body: 'handoff requested', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' })).toEqual({
      timeUnixNano: 1_767_225_600_000_001_000n,
      observedTimeUnixNano: expect.any(BigInt),
      severityNumber: 13,
      severityText: 'WARN',
      eventName: 'handoff.requested',
      body: 'handoff requested',
      attributes: { 'session.key': 's-1', nested: { list: [1, { deep: true }], bytes: new Uint8Array([0, 255]) } },
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      flags: 1,
      scope: SCOPE,
      resource: { attributes: RESOURCE },
    });
    const outside = expectLog(logs, { severityText: 'INFO' });
    expect(outside.body).toEqual({ plain: 'object' });
    expect(outside).not.toHaveProperty('traceId');
  });

  it('counts what came over the wire', async () => {
    await sendTrace(receiver.url, wire);
    const { traces } = receiver.requests();
    expect(traces).toMatchObject({ requests: 1, accepted: 1, refused: 0, records: 2, dropped: 0 });
    if (wire.gzip) expect(traces.wireBytes).toBeLessThan(traces.bodyBytes);
    else expect(traces.wireBytes).toBe(traces.bodyBytes);
    expect(receiver.resources()).toEqual([{ attributes: RESOURCE }]);
  });
});
