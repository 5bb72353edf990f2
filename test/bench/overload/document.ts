import { median, spread } from '../statistics.js';
import type { Fate } from './costs.js';
import { PATIENCE_MS } from './rounds.js';
import type { Mode, Point } from './rounds.js';

export interface Figures {
  readonly command: string;
  readonly date: string;
  readonly machine: readonly string[];
  readonly loadAverage: number;
  readonly rounds: number;
  readonly roundMs: number;
  readonly costs: ReadonlyMap<Fate, readonly number[]>;
  readonly peaks: readonly number[];
  readonly points: readonly Point[];
}

const WANTED_SHARE = 0.9;
const SUSTAINED_SHARE = 0.99;
const MODE_LIST: readonly Mode[] = ['with', 'without'];

/** What all rounds say of one server at one load; goodput as a share of the most that this server did in the same round. */
interface Summary {
  readonly mode: Mode;
  readonly factor: number;
  readonly points: readonly Point[];
  readonly shares: readonly number[];
}

/** The page docs/comparisons/overload.md. */
export function document(figures: Figures): string {
  const { command, date, machine, loadAverage, rounds, roundMs, peaks, costs } = figures;
  const factors = [...new Set(figures.points.map(({ factor }) => factor))];
  const summaries = MODE_LIST.flatMap((mode) => factors.map((factor) => summaryOf(figures.points, mode, factor)));
  return `# What a server does under more load than it can finish

Written by \`${command}\` on ${date}.

${machine.map((fact) => `- ${fact}`).join('\n')}
- Load average before the first round: ${loadAverage.toFixed(2)}

One built server over HTTP, PostgreSQL as it comes, and callers in a process of their own, who send \`update_context\` when it is due and not when
the call before is answered. A caller gives up ${PATIENCE_MS / 1000} s after its call was due; only what is done by then counts. Two servers take turns in each
of ${rounds} rounds of ${roundMs / 1000} s for each load: one as it comes, and one without limits of admission, of open answers and of connections.
A load is a multiple of what 64 callers who wait for their answers get in the same round: ${range(peaks, 0)} calls/s.

${verdict(summaries, figures.points)}

${plot(summaries, factors)}

| Load | Admission | offered/s | done in time/s, median | min – max | share of the most in the round | p50 | p99 | refused | given up |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|
${summaries.map(row).join('\n')}

## What a refusal costs

CPU time of one process that is server and client, over HTTP and without a database, in rounds that alternate.

| A call that is | µs of CPU, median | min – max | share |
|---|---:|---:|---:|
${costRows(costs)}
`;
}

function summaryOf(all: readonly Point[], mode: Mode, factor: number): Summary {
  const points = all.filter((point) => point.mode === mode && point.factor === factor);
  const mostIn = (round: number): number => Math.max(...all.filter((p) => p.mode === mode && p.round === round).map((p) => p.goodput));
  return { mode, factor, points, shares: points.map((point) => point.goodput / mostIn(point.round)) };
}

function verdict(summaries: readonly Summary[], points: readonly Point[]): string {
  const withAdmission = summaries.filter(({ mode }) => mode === 'with');
  const sustained = withAdmission.findLast((summary) => rateOf(summary) >= SUSTAINED_SHARE * offeredOf(summary));
  const twice = withAdmission.find(({ factor }) => factor >= 2 * (sustained?.factor ?? Infinity));
  if (sustained === undefined || twice === undefined) return '';
  const most = withAdmission.at(-1) ?? twice;
  const late = Math.max(...points.map(({ latestMs }) => latestMs));
  const share = median(twice.shares);
  return `The most of which the server as it comes finishes ${percent(SUSTAINED_SHARE)} in time is ${sustained.factor} × (${rateOf(sustained).toFixed(0)} calls/s). At twice that, \
${twice.factor} ×, it finishes ${percent(share)} of the most that it did (the goal is ${percent(WANTED_SHARE)}: ${share >= WANTED_SHARE ? 'reached' : 'missed'}), and the 99th percentile of what it \
does is ${p99Of(twice).toFixed(0)} ms; at ${most.factor} ×, ${percent(median(most.shares))} and ${p99Of(most).toFixed(0)} ms. The callers' process was never more than ${late.toFixed(0)} ms late.`;
}

/** Where nothing was done there is none. */
function milliseconds(ms: number): string {
  return Number.isNaN(ms) ? '' : `${ms.toFixed(0)} ms`;
}

function rateOf({ points }: Summary): number {
  return median(points.map(({ goodput }) => goodput));
}

function offeredOf({ points }: Summary): number {
  return median(points.map(({ offered }) => offered));
}

function p99Of({ points }: Summary): number {
  return median(points.map(({ p99Ms }) => p99Ms));
}

function plot(summaries: readonly Summary[], factors: readonly number[]): string {
  const line = (mode: Mode): string =>
    summaries
      .filter((summary) => summary.mode === mode)
      .map((summary) => rateOf(summary).toFixed(0))
      .join(', ');
  return `\`\`\`mermaid
xychart-beta
  title "Calls done in time per second; the first line is with admission, the second without"
  x-axis "load, as a multiple of the peak" [${factors.map((factor) => `"${factor}"`).join(', ')}]
  y-axis "calls/s"
  line [${line('with')}]
  line [${line('without')}]
\`\`\``;
}

function row({ mode, factor, points, shares }: Summary): string {
  const mid = (of: (point: Point) => number): number => median(points.map(of));
  const { min, max, median: done } = spread(points.map(({ goodput }) => goodput));
  const cells = [
    `${factor} ×`,
    mode,
    mid(({ offered }) => offered).toFixed(0),
    done.toFixed(0),
    `${min.toFixed(0)} – ${max.toFixed(0)}`,
    percent(median(shares)),
    milliseconds(mid(({ p50Ms }) => p50Ms)),
    milliseconds(mid(({ p99Ms }) => p99Ms)),
    percent(mid((point) => (point.outcomes.refused + point.outcomes.busy) / countOf(point))),
    percent(mid((point) => (point.outcomes.given_up + point.outcomes.failed) / countOf(point))),
  ];
  return `| ${cells.join(' | ')} |`;
}

function costRows(costs: Figures['costs']): string {
  const whole = costs.get('done') ?? [];
  return [...costs]
    .map(([fate, values]) => {
      const share = median(values.map((value, round) => value / (whole[round] ?? Number.NaN)));
      return `| ${fate} | ${median(values).toFixed(0)} | ${range(values, 0)} | ${percent(share)} |`;
    })
    .join('\n');
}

function countOf({ outcomes }: Point): number {
  return Object.values(outcomes).reduce((sum, count) => sum + count, 0);
}

function range(values: readonly number[], digits: number): string {
  const { min, max } = spread(values);
  return `${min.toFixed(digits)} – ${max.toFixed(digits)}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
