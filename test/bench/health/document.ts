import { quantile, spread } from '../statistics.js';
import type { HealthRound } from './rounds.js';
import { STALL_MS } from './stalls.js';

export interface HealthFigures {
  readonly command: string;
  readonly date: string;
  readonly machine: readonly string[];
  readonly sessions: number;
  readonly pauseMs: number;
  readonly seconds: number;
  readonly rounds: readonly HealthRound[];
}

const PROBE_P99_MS = 50;
const PROBE_MAX_MS = 1000;
const CALL_P99_MS = 500;

const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const met = (isMet: boolean): string => (isMet ? 'met' : '**missed**');

/** Sorted. */
function sorted(values: Iterable<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** The report, in markdown. */
export function document(figures: HealthFigures): string {
  const { rounds } = figures;
  const loads = spread(rounds.map(({ loadAverage }) => loadAverage));
  const perSecond = spread(rounds.map(({ calm }) => calm.callsPerSecond));
  const stalls = rounds.reduce((sum, round) => sum + round.stalls, 0);
  const count = figures.sessions.toLocaleString('en-US');
  return `# Health and calls with ${count} sessions

Written by \`${figures.command}\` on ${figures.date}.

${figures.machine.map((fact) => `- ${fact}`).join('\n')}
- Load average of the machine before each round: ${loads.min.toFixed(1)} to ${loads.max.toFixed(1)}; agents, server, PostgreSQL, the receiver of telemetry and probes share its cores

One built server over HTTP on an empty database, with telemetry, monitoring, measurements and jobs on. ${count} agents work on a session each, with a call every
${(figures.pauseMs / 1000).toFixed(1)} s on average: \`register_session\`, \`update_context\`, \`get_context\`, \`list_sessions\`, \`get_summary\` and a \`request_handoff\`, after which the agent begins the next session. ${rounds.length} rounds of ${figures.seconds} s without and
${figures.seconds} s with stalls, after a warm-up. "Worst round" is the figure of the round in which it was worst.

## Probes during stalls

The main thread is kept busy for ${STALL_MS / 1000} s at a time, ${stalls} times. A process that does nothing else asks over one kept connection. How late that process itself was
woken is the last row: so much of each figure is the machine.

|  | answers | p50 | p99 | slowest | p99 of the worst round |
| --- | ---: | ---: | ---: | ---: | ---: |
${[...probeRows(rounds), latenessRow(rounds)].join('\n')}

${probeVerdict(rounds)}

## Calls without stalls

${perSecond.median.toFixed(0)} calls/s (${perSecond.min.toFixed(0)} – ${perSecond.max.toFixed(0)}). A call's time counts from when it was due.

|  | calls | p50 | p99 | slowest | p99 of the worst round |
| --- | ---: | ---: | ---: | ---: | ---: |
${callRows(rounds).join('\n')}

${callVerdict(rounds)}
`;
}

const PATHS = ['/livez', '/health'] as const;

function probeTimes(round: HealthRound, path: string): number[] {
  return round.stalled.probes.flatMap((probe) => (probe.path === path ? [probe.tookMs] : []));
}

function row(name: string, perRound: readonly Float64Array[]): string {
  const all = sorted(perRound.flatMap((values) => [...values]));
  const worst = Math.max(...perRound.map((values) => quantile(values, 0.99)));
  return `| ${name} | ${all.length.toLocaleString('en-US')} | ${ms(quantile(all, 0.5))} | ${ms(quantile(all, 0.99))} | ${ms(quantile(all, 1))} | ${ms(worst)} |`;
}

function probeRows(rounds: readonly HealthRound[]): string[] {
  return PATHS.map((path) =>
    row(
      `\`${path}\``,
      rounds.map((round) => sorted(probeTimes(round, path))),
    ),
  );
}

function latenessRow(rounds: readonly HealthRound[]): string {
  return row(
    'a timer of the asking process',
    rounds.map(({ stalled }) => sorted(stalled.latenessMs)),
  );
}

function probeVerdict(rounds: readonly HealthRound[]): string {
  const all = sorted(rounds.flatMap(({ stalled }) => stalled.probes.map(({ tookMs }) => tookMs)));
  const failed = rounds.flatMap(({ stalled }) => stalled.probes.filter(({ status }) => status !== 200)).length;
  const p99Ms = Math.max(...PATHS.map((path) => quantile(sorted(rounds.flatMap((round) => probeTimes(round, path))), 0.99)));
  return [
    `- p99 under ${PROBE_P99_MS} ms: ${ms(p99Ms)}, ${met(p99Ms < PROBE_P99_MS)}`,
    `- never over ${PROBE_MAX_MS} ms: ${ms(quantile(all, 1))}, ${met(quantile(all, 1) <= PROBE_MAX_MS)}`,
    `- answers other than 200: ${failed}, ${met(failed === 0)}`,
  ].join('\n');
}

function tools(rounds: readonly HealthRound[]): string[] {
  return [...new Set(rounds.flatMap(({ calm }) => [...calm.tookMs.keys()]))].toSorted();
}

function perRoundOf(rounds: readonly HealthRound[], tool: string): Float64Array[] {
  return rounds.flatMap(({ calm }) => calm.tookMs.get(tool) ?? []);
}

function callRows(rounds: readonly HealthRound[]): string[] {
  return tools(rounds).map((tool) => row(`\`${tool}\``, perRoundOf(rounds, tool)));
}

function callVerdict(rounds: readonly HealthRound[]): string {
  const p99Ms = Math.max(...tools(rounds).map((tool) => quantile(sorted(perRoundOf(rounds, tool).flatMap((values) => [...values])), 0.99)));
  const failures = new Map<string, number>();
  for (const { calm } of rounds) for (const [code, times] of calm.failures) failures.set(code, (failures.get(code) ?? 0) + times);
  const list = [...failures].map(([code, times]) => `${times} ${code}`).join(', ');
  return [
    `- p99 of the slowest tool under ${CALL_P99_MS} ms: ${ms(p99Ms)}, ${met(p99Ms < CALL_P99_MS)}`,
    `- calls that failed or were refused: ${list === '' ? 'none' : list}, ${met(list === '')}`,
  ].join('\n');
}
