import { applyLoad } from './load.js';
import type { Round } from './load.js';
import { cpuTimeMs } from './processCpu.js';
import { median, quantile, spread } from './statistics.js';

/** CPU time one call took in each process, µs. */
export interface CpuPerCall {
  readonly server: number;
  readonly postgres: number;
  readonly receiver: number;
  readonly driver: number;
}

export interface MeasuredRound extends Round {
  /** Absent where the operating system does not tell. */
  readonly cpuUs: CpuPerCall | undefined;
}

export interface MeasureOptions {
  readonly callers: number;
  readonly durationMs: number;
  readonly call: (caller: number) => Promise<unknown>;
  readonly pids: { readonly server: number; readonly postgres: number; readonly receiver?: number };
}

/** Applies load for one round and says what it cost each process. */
export async function measureRound({ pids, ...load }: MeasureOptions): Promise<MeasuredRound> {
  const before = readCpu(pids);
  const round = await applyLoad(load);
  const after = readCpu(pids);
  if (before === undefined || after === undefined) return { ...round, cpuUs: undefined };
  const perCall = (key: keyof CpuPerCall): number => ((after[key] - before[key]) * 1000) / round.calls;
  return {
    ...round,
    cpuUs: { server: perCall('server'), postgres: perCall('postgres'), receiver: perCall('receiver'), driver: perCall('driver') },
  };
}

function readCpu(pids: MeasureOptions['pids']): CpuPerCall | undefined {
  const server = cpuTimeMs(pids.server);
  const postgres = cpuTimeMs(pids.postgres, { children: true });
  const receiver = pids.receiver === undefined ? 0 : cpuTimeMs(pids.receiver);
  if (server === undefined || postgres === undefined || receiver === undefined) return undefined;
  const { user, system } = process.cpuUsage();
  return { server, postgres, receiver, driver: (user + system) / 1000 };
}

/** Percentile of all calls of all rounds together, ms. */
export function latencyMs(rounds: readonly Round[], share: number): number {
  const all = new Float64Array(rounds.reduce((sum, { calls }) => sum + calls, 0));
  let at = 0;
  for (const { latenciesMs } of rounds) {
    all.set(latenciesMs, at);
    at += latenciesMs.length;
  }
  return quantile(all.sort(), share);
}

export function medianRate(rounds: readonly Round[]): number {
  return median(rounds.map(({ callsPerSecond }) => callsPerSecond));
}

/** Median over the rounds of this round's rate as a share of the other's: rounds of a pair share what the machine was doing. */
export function pairedShare(rounds: readonly Round[], others: readonly Round[]): number {
  return median(rounds.map(({ callsPerSecond }, index) => callsPerSecond / (others[index]?.callsPerSecond ?? Number.NaN)));
}

export const LOAD_HEAD = [
  '',
  'calls/s median',
  'min – max',
  'p50',
  'p95',
  'p99',
  'CPU a call: server',
  'PostgreSQL',
  'receiver',
  'driver',
] as const;

/** A row under `LOAD_HEAD`. */
export function loadRow(name: string, rounds: readonly MeasuredRound[]): string[] {
  const { min, median: middle, max } = spread(rounds.map(({ callsPerSecond }) => callsPerSecond));
  const cpu = (key: keyof CpuPerCall): string => {
    const values = rounds.flatMap(({ cpuUs }) => (cpuUs === undefined ? [] : [cpuUs[key]]));
    return values.length === 0 ? '?' : `${median(values).toFixed(0)} µs`;
  };
  return [
    name,
    middle.toFixed(0),
    `${min.toFixed(0)} – ${max.toFixed(0)}`,
    ...[0.5, 0.95, 0.99].map((share) => `${latencyMs(rounds, share).toFixed(1)} ms`),
    ...(['server', 'postgres', 'receiver', 'driver'] as const).map(cpu),
  ];
}
