import { beforeAll, describe, expect, it } from 'vitest';
import type { AgedResult, HealthReport } from '../../../../../src/handoff/monitoring/health/report.js';
import { Recorder } from '../../../../../src/handoff/monitoring/measurements/recorder.js';
import type { Interval } from '../../../../../src/handoff/monitoring/measurements/recorder.js';
import type { Run } from '../../../../../src/handoff/monitoring/measurements/series.js';
import { loadSketches } from '../../../../../src/handoff/monitoring/measurements/sketch.js';
import type { MakeSketch } from '../../../../../src/handoff/monitoring/measurements/sketch.js';
import { figuresOf } from '../../../../../src/handoff/monitoring/thresholds/figures.js';
import type { Figures } from '../../../../../src/handoff/monitoring/thresholds/figures.js';

let makeSketch: MakeSketch;
beforeAll(async () => {
  makeSketch = await loadSketches();
});

const calls = (name: string, count: number, durationMs: number, errorType?: string): Run[] =>
  Array.from({ length: count }, () => ({ subject: 'operation', name, durationMs, errorType }));

function intervalOf(runs: readonly Run[]): Interval {
  const recorder = new Recorder(() => 0);
  recorder.use(makeSketch);
  for (const run of runs) recorder.record(run);
  return recorder.take();
}

const result = (name: string, details: Record<string, number>, ageMs = 0): AgedResult =>
  ({ name, details, ageMs, status: 'healthy', isCritical: false, latencyMs: 0, atMs: 0 }) as unknown as AgedResult;

function figures(runs: readonly Run[], results: readonly AgedResult[] = []): Figures {
  const report: HealthReport = { status: 'healthy', results };
  return figuresOf({ interval: intervalOf(runs), makeSketch, report, maxAgeMs: 90_000 });
}

describe('figures of calls', () => {
  it('have the percentile over all calls together, and not that of one kind', () => {
    const found = figures([...calls('handoff.context.append', 190, 10), ...calls('handoff.session.register', 10, 3000)]);
    expect(found.response_time?.value).toBeCloseTo(10, 0);
    const slower = figures([...calls('handoff.context.append', 180, 10), ...calls('handoff.session.register', 20, 3000)]);
    expect(slower.response_time?.value).toBeGreaterThan(2900);
  });

  it('leave out sweeps, which take as long as there is to do, and take in what hosts measure', () => {
    expect(figures(calls('handoff.request.time_out', 100, 60_000)).response_time).toBeUndefined();
    expect(figures(calls('their_own', 10, 2000)).response_time?.value).toBeGreaterThan(1900);
  });

  it('count failures of the server, and not what callers can mend', () => {
    const refused = [...calls('handoff.context.read', 90, 1), ...calls('handoff.context.read', 10, 1, 'session_not_found')];
    expect(figures(refused).error_rate).toEqual({ value: 0 });
    expect(figures([...refused, ...calls('handoff.context.read', 100, 1, 'HANDOFF_SESSION_UNKNOWN')]).error_rate).toEqual({ value: 0 });
    expect(figures([...refused, ...calls('handoff.context.append', 25, 1, 'HANDOFF_DATABASE_UNAVAILABLE')]).error_rate).toEqual({
      value: 20,
    });
    expect(figures([...calls('search', 9, 1), ...calls('search', 1, 1, 'tool_error')]).error_rate).toEqual({ value: 10 });
  });

  it('say that they are of few runs, and are absent without any', () => {
    const { response_time: time, error_rate: rate } = figures(calls('handoff.context.read', 9, 9000, 'Error'));
    expect([time?.isOfFew, rate]).toEqual([true, { value: 100, isOfFew: true }]);
    expect(figures([{ subject: 'statement', name: 'once', durationMs: 5 }]).statement_time).toMatchObject({
      detail: 'once',
      isOfFew: true,
    });
    expect(figures([])).toEqual({});
  });

  it('name the slowest statement', () => {
    const statements = (name: string, durationMs: number): Run[] =>
      Array.from({ length: 10 }, () => ({ subject: 'statement', name, durationMs }));
    const found = figures([
      ...statements('handoff_a', 5),
      ...statements('handoff_b', 800),
      { subject: 'statement', name: 'c', durationMs: 9000 },
    ]);
    expect(found.statement_time).toMatchObject({ detail: 'handoff_b' });
    expect(found.statement_time?.value).toBeCloseTo(800, -1);
  });
});

describe('figures of the process', () => {
  it('are what the checks of health have measured', () => {
    const pool = { totalConnections: 10, idleConnections: 1, waitingConnections: 3, maxConnections: 10 };
    expect(
      figures(
        [],
        [
          result('memory', { heapPercent: 30, memoryPercent: 85 }),
          result('disk', { usedPercent: 50 }),
          result('database', pool),
          result('event_loop', { utilizationPercent: 12 }),
        ],
      ),
    ).toEqual({
      memory: { value: 85, detail: 'container' },
      disk: { value: 50 },
      database_pool: { value: 120 },
      event_loop: { value: 12 },
    });
  });

  it('are absent where a check failed, measured nothing, or is too old', () => {
    const old = result('disk', { usedPercent: 99 }, 90_001);
    expect(figures([], [result('memory', {}), result('database', {}), result('event_loop', {}), old])).toEqual({});
    expect(figures([], [result('memory', { heapPercent: 30 })])).toEqual({ memory: { value: 30 } });
  });
});
