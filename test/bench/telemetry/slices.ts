import { readdirSync, readFileSync } from 'node:fs';
import { median, quantile } from '../statistics.js';

/** A server that is measured beside others. */
export interface Sliced {
  readonly name: string;
  readonly pid: number;
  /** Makes one call of one caller. */
  readonly call: (caller: number) => Promise<unknown>;
}

/** What one server took for its part of a cycle, µs a call. */
export interface Slice {
  readonly cpuUs: number;
  readonly wallUs: number;
}

export interface SliceOptions {
  readonly callers: number;
  readonly callsEach: number;
  /** Returns 0 to 1, for the order within a cycle. */
  readonly random: () => number;
}

/**
 * One cycle: each server does the same number of calls, one server after the other, in an order by chance.
 *
 * Rounds of seconds differ by half on a busy machine, whose other work changes as fast. A slice is a fraction of a second, so that all
 * slices of a cycle meet the same machine, and hundreds of cycles fit into minutes.
 */
export async function cycle(servers: readonly Sliced[], { callers, callsEach, random }: SliceOptions): Promise<ReadonlyMap<string, Slice>> {
  const shuffled = servers.map((server) => ({ server, at: random() })).toSorted((a, b) => a.at - b.at);
  const found = new Map<string, Slice>();
  for (const { server } of shuffled) {
    const [beforeUs, beganMs] = [cpuTimeUs(server.pid), performance.now()];
    const caller = async (number: number): Promise<void> => {
      for (let call = 0; call < callsEach; call += 1) await server.call(number);
    };
    await Promise.all(Array.from({ length: callers }, (_, number) => caller(number)));
    const calls = callers * callsEach;
    const wallUs = ((performance.now() - beganMs) * 1000) / calls;
    found.set(server.name, { cpuUs: (cpuTimeUs(server.pid) - beforeUs) / calls, wallUs });
  }
  return found;
}

/** CPU time of all threads of a process, to the nanosecond: a slice takes few ticks of the clock that `/proc/<pid>/stat` has. */
function cpuTimeUs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + threadUs(`/proc/${pid}/task/${thread}/schedstat`), 0);
}

function threadUs(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8').split(' ')[0]) / 1000;
  } catch {
    // The thread has ended.
    return 0;
  }
}

/** How many times as much as the other, with the bounds between which nine of ten repetitions would lie. */
export interface Ratio {
  readonly middle: number;
  readonly low: number;
  readonly high: number;
}

const TRIMMED = 0.1;
const REPETITIONS = 400;

/** The ratio of two sums, without the tenth of the cycles at each end, in which one of the two met something that the other did not. */
export function ratioOf(own: readonly number[], other: readonly number[], random: () => number): Ratio {
  const pairs = own.map((value, index) => [value, other[index] ?? Number.NaN] as const).toSorted(([a, b], [c, d]) => a / b - c / d);
  const cut = Math.floor(pairs.length * TRIMMED);
  const kept = pairs.slice(cut, pairs.length - cut);
  const ratio = (of: readonly (readonly [number, number])[]): number =>
    of.reduce((sum, [a]) => sum + a, 0) / of.reduce((sum, [, b]) => sum + b, 0);
  const repeated = Array.from({ length: REPETITIONS }, () =>
    ratio(kept.map((pair) => kept[Math.floor(random() * kept.length)] ?? pair)),
  ).toSorted((a, b) => a - b);
  return { middle: ratio(kept), low: quantile(repeated, 0.05), high: quantile(repeated, 0.95) };
}

export function middleOf(slices: readonly Slice[], what: keyof Slice): number {
  return median(slices.map((slice) => slice[what]));
}
