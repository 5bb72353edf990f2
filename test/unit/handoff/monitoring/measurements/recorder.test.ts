import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { beforeEach, expect, it } from 'vitest';
import { Recorder } from '../../../../../src/handoff/monitoring/measurements/recorder.js';
import type { Run } from '../../../../../src/handoff/monitoring/measurements/series.js';
import { loadSketches } from '../../../../../src/handoff/monitoring/measurements/sketch.js';
import type { MakeSketch } from '../../../../../src/handoff/monitoring/measurements/sketch.js';

let nowMs: number;
let recorder: Recorder;
let makeSketch: MakeSketch;
beforeEach(async () => {
  nowMs = 0;
  recorder = new Recorder(() => nowMs);
  makeSketch = await loadSketches();
});

const run = (durationMs: number, extra: Partial<Run> = {}): Run => ({ subject: 'operation', name: 'work', durationMs, ...extra });

it('adds up the runs of an interval, with a histogram that can be read back', () => {
  recorder.use(makeSketch);
  for (let at = 1; at <= 1000; at += 1) recorder.record(run(at));
  recorder.record(run(0.0001, { errorType: 'EPIPE' }));
  nowMs = 60_000;
  const { startMs, endMs, summaries, samples } = recorder.take();
  expect([startMs, endMs, summaries.length]).toEqual([0, 60_000, 1]);
  const [summary] = summaries;
  expect(summary).toMatchObject({ subject: 'operation', name: 'work', count: 1001, failures: 1, sumMs: 500_500, minMs: 0, maxMs: 1000 });
  expect(summary?.p50Ms).toBeCloseTo(500, -1);
  expect(Math.abs((summary?.p99Ms ?? 0) - 990)).toBeLessThan(10);
  const sketch = decodeFromCompressedBase64(summary?.sketch ?? '');
  expect([sketch.totalCount, sketch.getValueAtPercentile(99) / 1000]).toEqual([1001, summary?.p99Ms]);
  expect(samples).toMatchObject([{ kind: 'failed', errorType: 'EPIPE' }]);
  expect(recorder.take()).toMatchObject({ startMs: 60_000, summaries: [], samples: [] });
});

it('has no percentile outside of what was measured', () => {
  recorder.use(makeSketch);
  for (const durationMs of [16.949, 2503.4, 0.0002]) recorder.record(run(durationMs, { name: `of ${durationMs}` }));
  const summaries = recorder.take().summaries.map(({ minMs, p50Ms, p95Ms, p99Ms, maxMs }) => [minMs, p50Ms, p95Ms, p99Ms, maxMs]);
  expect(summaries).toEqual([16.949, 2503.4, 0].map((ms) => Array.from({ length: 5 }, () => ms)));
});

it('keeps what is slow or fails as single rows, up to a bound', () => {
  recorder.use(makeSketch);
  recorder.record(run(2000));
  recorder.record(run(2001, { sessionId: 's' }));
  recorder.record(run(501, { subject: 'statement', name: 'select' }));
  for (let at = 0; at < 300; at += 1) recorder.record(run(1, { errorType: 'x' }));
  const { samples, samplesOmitted, summaries } = recorder.take();
  expect(samples.slice(0, 3)).toMatchObject([
    { kind: 'slow', durationMs: 2001, sessionId: 's' },
    { kind: 'slow', subject: 'statement', name: 'select' },
    { kind: 'failed' },
  ]);
  expect([samples.length, samplesOmitted]).toEqual([200, 102]);
  expect(summaries.map(({ name, count, failures }) => [name, count, failures])).toEqual([
    ['work', 302, 300],
    ['select', 1, 0],
  ]);
});

it('counts what the cache found', () => {
  recorder.use(makeSketch);
  for (const isHit of [true, true, false]) recorder.record(run(1, { subject: 'cache', name: 'cache.get', isHit }));
  expect(recorder.take().summaries).toMatchObject([{ count: 3, hits: 2, misses: 1 }]);
});

it('keeps what came before the library was loaded, up to a bound, and nothing where there is none', () => {
  for (let at = 0; at < 1500; at += 1) recorder.record(run(1));
  expect(recorder.take().summaries).toEqual([]);
  recorder.use(makeSketch);
  expect(recorder.take().summaries).toMatchObject([{ count: 1000 }]);
  const off = new Recorder(() => 0);
  off.record(run(1));
  off.turnOff();
  off.record(run(1));
  off.use(makeSketch);
  expect(off.take().summaries).toEqual([]);
  expect(off.totals('operation')).toEqual({ count: 2, sumMs: 2 });
});

it('has a bounded number of names', () => {
  recorder.use(makeSketch);
  for (let at = 0; at < 500; at += 1) recorder.record(run(1, { name: `${at}${'x'.repeat(200)}` }));
  const { summaries } = recorder.take();
  expect(summaries.length).toBe(401);
  expect(summaries.at(-1)).toMatchObject({ name: '_OTHER', count: 100 });
  expect(Math.max(...summaries.map(({ name }) => name.length))).toBe(100);
});
