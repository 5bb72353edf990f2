import type { AlertName } from '../../../telemetry/catalogue/alerts.js';
import type { HealthComponent } from '../../../telemetry/catalogue/health.js';
import { isCall } from '../../../telemetry/catalogue/calls.js';
import type { HealthReport } from '../health/report.js';
import type { Interval } from '../measurements/recorder.js';
import type { Summary } from '../measurements/series.js';
import type { MakeSketch } from '../measurements/sketch.js';

/** What is compared with a threshold, and which part of it is the worst, where one can be named. */
export interface Figure {
  readonly value: number;
  readonly detail?: string;
  /** It is of too few runs to raise an alert. */
  readonly isOfFew?: true;
}

/** What could not be measured is absent. */
export type Figures = Readonly<Partial<Record<AlertName, Figure>>>;

export interface FigureSources {
  /** What the last interval measured; `undefined` where nothing is. */
  readonly interval: Interval | undefined;
  /** What merges histograms; `undefined` where there are none. */
  readonly makeSketch: MakeSketch | undefined;
  readonly report: HealthReport;
  /** A check that is older says nothing about now, in milliseconds. */
  readonly maxAgeMs: number;
}

/** Fewer runs in an interval are no reason to wake anybody. */
const LEAST_RUNS = 10;
const PERCENT = 95;

/** Makes figures of what was measured anyway. */
export function figuresOf({ interval, makeSketch, report, maxAgeMs }: FigureSources): Figures {
  const summaries = interval?.summaries ?? [];
  const details = (name: HealthComponent): Readonly<Record<string, unknown>> =>
    report.results.find((result) => result.name === name && result.ageMs <= maxAgeMs)?.details ?? {};
  return {
    ...named('response_time', responseTime(summaries, makeSketch)),
    ...named('error_rate', errorRate(summaries)),
    ...named('statement_time', slowestStatement(summaries)),
    ...named('memory', memory(details('memory'))),
    ...named('disk', figure(details('disk')['usedPercent'])),
    ...named('database_pool', pool(details('database'))),
    ...named('event_loop', figure(details('event_loop')['utilizationPercent'])),
  };
}

function named(name: AlertName, found: Figure | undefined): Figures {
  return found === undefined ? {} : { [name]: found };
}

function figure(value: unknown): Figure | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? { value } : undefined;
}

function callsIn(summaries: readonly Summary[]): readonly Summary[] {
  return summaries.filter(({ subject, name }) => subject === 'operation' && isCall(name));
}

function runsOf(summaries: readonly Summary[]): number {
  return summaries.reduce((sum, { count }) => sum + count, 0);
}

/** A figure of so many runs; none of none: what hangs has not ended, and must not look well. */
function ofRuns(runs: number, value: () => number, detail?: string): Figure | undefined {
  if (runs === 0) return undefined;
  return { value: value(), ...(detail === undefined ? {} : { detail }), ...(runs < LEAST_RUNS ? { isOfFew: true } : {}) };
}

function responseTime(summaries: readonly Summary[], makeSketch: MakeSketch | undefined): Figure | undefined {
  const calls = callsIn(summaries);
  if (makeSketch === undefined) return undefined;
  return ofRuns(runsOf(calls), () => {
    const all = makeSketch();
    for (const { sketch } of calls) all.add(sketch);
    return all.percentileMs(PERCENT);
  });
}

function errorRate(summaries: readonly Summary[]): Figure | undefined {
  const calls = callsIn(summaries);
  const runs = runsOf(calls);
  return ofRuns(runs, () => (100 * calls.reduce((sum, { faults }) => sum + faults, 0)) / runs);
}

function slowestStatement(summaries: readonly Summary[]): Figure | undefined {
  const statements = summaries.filter(({ subject }) => subject === 'statement');
  const often = statements.filter(({ count }) => count >= LEAST_RUNS);
  const [slowest] = (often.length > 0 ? often : statements).toSorted((a, b) => b.p95Ms - a.p95Ms);
  return slowest === undefined ? undefined : ofRuns(slowest.count, () => slowest.p95Ms, slowest.name);
}

function memory({ heapPercent, memoryPercent }: Readonly<Record<string, unknown>>): Figure | undefined {
  const heap = figure(heapPercent);
  const whole = figure(memoryPercent);
  if (heap === undefined || whole === undefined) return heap ?? whole;
  return heap.value >= whole.value ? { ...heap, detail: 'heap' } : { ...whole, detail: 'container' };
}

/** Calls that wait for a connection count as well, so it may be more than 100. */
function pool(found: Readonly<Record<string, unknown>>): Figure | undefined {
  const { totalConnections: total, idleConnections: idle, waitingConnections: waiting, maxConnections: most } = found;
  if (typeof total !== 'number' || typeof idle !== 'number' || typeof waiting !== 'number' || typeof most !== 'number' || most <= 0)
    return undefined;
  return { value: (100 * (total - idle + waiting)) / most };
}
