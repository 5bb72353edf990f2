import { beforeEach, describe, expect, it } from 'vitest';
import { MissingPeerError } from '../../../../../src/errors/missingPeerError.js';
import { Measurements } from '../../../../../src/handoff/monitoring/measurements/measurements.js';
import { Recorder } from '../../../../../src/handoff/monitoring/measurements/recorder.js';
import type { Batch } from '../../../../../src/handoff/monitoring/measurements/rows.js';
import { MeasurementWriter } from '../../../../../src/handoff/monitoring/measurements/writer.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';
import { Recording } from '../../../telemetry/recording.js';

let clock: FakeClock;
/** The ids of what was written, and the ages of the interval and of its first row. */
let written: unknown[];
let isAway: boolean;
let dropped: number[];
/** The SQLSTATE with which the database refuses whatever it gets. */
let refusal: string | undefined;
let refused: string[];
let writer: MeasurementWriter;
beforeEach(() => {
  clock = new FakeClock();
  written = [];
  isAway = false;
  dropped = [];
  refusal = undefined;
  refused = [];
  const query = async (_statement: object, [id, logs, , ageMs]: readonly unknown[] = []): Promise<never[]> => {
    if (isAway) throw new Error('away');
    if (refusal !== undefined) throw Object.assign(new Error('refused'), { code: refusal });
    const [first] = JSON.parse(String(logs)) as { age_ms: number }[];
    written.push([id, ageMs, first?.age_ms]);
    return [];
  };
  writer = new MeasurementWriter({
    database: { query },
    clock,
    onDropped: (rows) => dropped.push(rows),
    onWritten: () => undefined,
    onRefused: (code) => refused.push(code),
  });
});

function batch(id: number, rows = 1): Batch {
  const endMs = clock.monotonicMs();
  const row = { operation: 'work', durationMs: 1, success: true, sessionId: null, metadata: {}, atMs: endMs - 10 };
  return { id: String(id), endMs, performance: Array.from({ length: rows }, () => row), metrics: [] };
}

it('writes what is kept in order when the database is back, with the times at which it happened', async () => {
  isAway = true;
  await writer.write(batch(1));
  await clock.advance(60_000);
  await writer.write(batch(2));
  expect([written, writer.waiting]).toEqual([[], 2]);
  isAway = false;
  await clock.advance(60_000);
  await writer.write(batch(3));
  expect(written).toEqual([
    ['1', 120_000, 120_010],
    ['2', 60_000, 60_010],
    ['3', 0, 10],
  ]);
  expect([writer.waiting, dropped]).toEqual([0, []]);
});

it('keeps what is an hour old at most, however long the intervals are, and counts what it drops', async () => {
  isAway = true;
  for (let id = 0; id < 62; id += 1) {
    await writer.write(batch(id, 2));
    await clock.advance(120_000);
  }
  expect([writer.waiting, dropped.length]).toEqual([31, 31]);
});

it('keeps short intervals for an hour too, up to a number of rows', async () => {
  isAway = true;
  for (let id = 0; id < 200; id += 1) await writer.write(batch(id, 2));
  expect([writer.waiting, dropped]).toEqual([200, []]);
  await writer.write(batch(999, 19_990));
  expect(writer.waiting).toBe(6);
});

describe('a batch that the database will never take', () => {
  it.each(['22P02', '23514', '42P01'])('%s is dropped, counted and told once, and the next is written', async (code) => {
    refusal = code;
    await writer.write(batch(1, 3));
    await writer.write(batch(2, 4));
    expect([writer.waiting, dropped, refused]).toEqual([0, [3, 4], [code]]);
    refusal = undefined;
    await writer.write(batch(3));
    expect(written.map((each) => (each as unknown[])[0])).toEqual(['3']);
    refusal = code;
    await writer.write(batch(4));
    expect(refused).toEqual([code, code]);
  });

  it.each(['57P01', '53300', 'ECONNRESET'])('is none whose failure may pass: %s', async (code) => {
    refusal = code;
    await writer.write(batch(1));
    expect([writer.waiting, dropped, refused]).toEqual([1, [], []]);
  });
});

it('sends nothing twice when two ask at once', async () => {
  await Promise.all([writer.write(batch(1)), writer.write(batch(2))]);
  expect(written.map((each) => (each as unknown[])[0])).toEqual(['1', '2']);
});

it('says once which package is missing, and goes on without', async () => {
  const recording = new Recording();
  const measurements = new Measurements({
    recorder: new Recorder(() => 0),
    database: { query: () => Promise.reject(new Error('not expected')) },
    clock,
    log: recording.log,
    meter: recording.meter,
    loadSketches: () =>
      Promise.reject(new MissingPeerError('hdr-histogram-js', 'npm install hdr-histogram-js@3', 'Keeping measurements in the database')),
  });
  expect([await measurements.end(), await measurements.end(), measurements.last]).toEqual([undefined, undefined, undefined]);
  expect(
    recording.records.map(({ level, fields, message }) => [level, (fields as Record<string, unknown>)['event.name'], message]),
  ).toEqual([['warn', 'handoff.measurements.unavailable', expect.stringContaining('npm install hdr-histogram-js@3')]]);
  await recording.dispose();
});
