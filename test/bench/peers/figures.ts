import type { MeasuredRound } from '../measure.js';
import { quantile } from '../statistics.js';
import type { Measured } from './rounds.js';

/** A figure over all rounds: its median, and the quartiles around it. */
export interface Middle {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Ours beside one peer, over rounds that were measured one after another. */
export interface Verdict {
  /** CPU time that a call takes of the server, ours as a share of the peer's. */
  readonly cpu: Middle;
  /** Calls a second, ours as a share of the peer's. */
  readonly rate: Middle;
  /** Whether ours costs less: a call takes less CPU, and more calls are done. `noise` when the medians say so and the quartiles do not. */
  readonly outcome: 'met' | 'noise' | 'missed';
}

export function verdictOf(ours: readonly MeasuredRound[], theirs: readonly MeasuredRound[]): Verdict {
  const cpu = middleOf(ratios(ours, theirs, serverUs));
  const rate = middleOf(ratios(ours, theirs, ({ callsPerSecond }) => callsPerSecond));
  if (!(cpu.median < 1 && rate.median > 1)) return { cpu, rate, outcome: 'missed' };
  return { cpu, rate, outcome: cpu.high < 1 && rate.low > 1 ? 'met' : 'noise' };
}

/** µs of the server's CPU time that telemetry adds to a call. */
export function addedUs(rounds: readonly MeasuredRound[], without: readonly MeasuredRound[]): Middle {
  return middleOf(rounds.map((round, index) => serverUs(round) - serverUs(without[index])));
}

function middleOf(values: readonly number[]): Middle {
  const sorted = values.toSorted((a, b) => a - b);
  return { low: quantile(sorted, 0.25), median: quantile(sorted, 0.5), high: quantile(sorted, 0.75) };
}

function ratios(
  rounds: readonly MeasuredRound[],
  others: readonly MeasuredRound[],
  of: (round: MeasuredRound) => number,
): readonly number[] {
  return rounds.map((round, index) => {
    const other = others[index];
    return other === undefined ? Number.NaN : of(round) / of(other);
  });
}

function serverUs(round: MeasuredRound | undefined): number {
  return round?.cpuUs?.server ?? Number.NaN;
}

/** Spans below this share of the calls are of the server's start, and of what it does from time to time. */
const LEAST_SHARE = 0.01;

/** What arrived of one call. */
export interface PerCall {
  readonly spans: number;
  readonly names: readonly (readonly [string, number])[];
  readonly logRecords: number;
  readonly measurements: number;
  readonly bytes: number;
}

export function perCall({ calls, received }: Pick<Measured, 'calls' | 'received'>): PerCall | undefined {
  if (received === undefined) return undefined;
  const names = Object.entries(received.spansByName)
    .map(([name, count]) => [name, count / calls] as const)
    .filter(([, share]) => share >= LEAST_SHARE)
    .toSorted(([, a], [, b]) => b - a);
  return {
    spans: names.reduce((sum, [, share]) => sum + share, 0),
    names,
    logRecords: received.logRecords / calls,
    measurements: received.measurements / calls,
    bytes: received.bytes / calls,
  };
}
