import { latencyMs } from '../measure.js';
import type { CpuPerCall, MeasuredRound } from '../measure.js';
import type { ReportHead } from '../report.js';
import { median, spread } from '../statistics.js';
import type { CallersFigures } from './callers.js';
import { callRates, count, percent, rates, ratios, shares, targets } from './figures.js';
import type { Figures } from './figures.js';
import type { HistoryFigures } from './history.js';
import type { PairedRounds } from './serverPair.js';
import type { ToolsPoint } from './tools.js';

/** The report, in markdown; the plot is growth.svg beside it. */
export function document(head: ReportHead, figures: Figures): string {
  const { callers, tools, history } = figures;
  return `${[
    `# How cost grows

Written by \`${head.command}\` on ${head.date}.

${head.machine.map((fact) => `- ${fact}`).join('\n')}
- PostgreSQL with its own durability; load average before the first round: ${head.loadAverage.toFixed(2)}

Neither what telemetry costs nor what a call costs should grow with the number of callers, of tools, or of entries in the history. Figures are medians of all rounds
(${count(head.rounds)}), with the least and the most in parentheses. Ratios are those of figures of one round, whose parts took turns.

![Throughput and the share of telemetry over the number of callers, CPU of a call over the number of tools, throughput over the length of the history](growth.svg)`,
    table(
      ['', 'target', 'reached', ''],
      targets(figures).map(({ what, wanted, reached, isMet }) => [what, wanted, reached, isMet ? 'met' : '**missed**']),
    ),
    ...(callers === undefined ? [] : [callersSection(callers, head)]),
    ...(tools === undefined ? [] : [toolsSection(tools)]),
    ...(history === undefined ? [] : [historySection(history, head)]),
  ].join('\n\n')}\n`;
}

function callersSection({ points, lost }: CallersFigures, { roundSeconds }: ReportHead): string {
  return `## Callers

\`update_context\` over stdio in rounds of ${roundSeconds} s. Each caller has a session of its own and calls again when it is answered; none is refused, as the servers let
calls wait for a minute. One server sends all telemetry (traces \`always_on\`, metrics, logs) to a receiver that counts, the other has
\`OTEL_SDK_DISABLED=true\`; both write log lines. ${received(lost)}

${table(
  ['callers', ...PAIR_HEAD],
  points.map((point) => [count(point.callers), ...pairCells(point)]),
)}`;
}

function toolsSection(points: readonly ToolsPoint[]): string {
  return `## Tools

A server and a client of the MCP SDK 2 in one process, connected in memory; all tools are called in turn. µs of CPU of the main thread for a call and for a list
of all tools, which cannot be flat. Each figure is the median of turns in processes of its own, new ones in each round.

${table(
  ['tools', 'a call, bare', 'instrumented', 'difference', '`tools/list`, bare', 'instrumented', 'difference'],
  points.map(({ tools, us }) => [count(tools), ...costCells(us.call), ...costCells(us.list)]),
)}${growthOfCalls(points)}`;
}

function costCells({ bare, ours }: ToolsPoint['us']['call']): string[] {
  const added = ours.map((figure, index) => figure - (bare[index] ?? Number.NaN));
  return [bare, ours, added].map((figures) => range(figures, (us) => us.toFixed(1)));
}

function growthOfCalls(points: readonly ToolsPoint[]): string {
  const [least, most] = [points.at(0), points.at(-1)];
  if (least === undefined || most === undefined) return '';
  const times = (who: 'bare' | 'ours'): string => range(ratios(most.us.call[who], least.us.call[who]), (ratio) => ratio.toFixed(2));
  return `\n\nWith ${count(most.tools)} tools a call costs ${times('ours')} times what it costs with ${count(least.tools)}; without us ${times('bare')} times.`;
}

function historySection({ points, callers, sessions, lost }: HistoryFigures, { roundSeconds }: ReportHead): string {
  const [short, long] = [points.at(0), points.at(-1)];
  const compared = (telemetry: 'on' | 'off'): string =>
    range(ratios(callRates(long?.[telemetry] ?? []), callRates(short?.[telemetry] ?? [])), percent);
  return `## History

\`update_context\` with ${callers} callers as above, on a database for each length, in turns of ${roundSeconds} s. The entries were written by SQL before, as many for each of
${sessions} sessions, ${callers} of which the callers add to. ${received(lost)}

${table(
  ['entries', ...PAIR_HEAD],
  points.map((point) => [count(point.entries), ...pairCells(point)]),
)}

With the long history there are ${compared('on')} of the calls that there are with the short one; without telemetry ${compared('off')}.`;
}

const PAIR_HEAD = [
  'calls/s with telemetry',
  'without',
  "telemetry's share",
  'CPU a call with telemetry: server',
  'PostgreSQL',
  'without: server',
  'PostgreSQL',
  'p99 with telemetry',
  'without',
] as const;

/** Cells under `PAIR_HEAD`. */
function pairCells(rounds: PairedRounds): string[] {
  const share = shares(rounds);
  return [
    ...(['on', 'off'] as const).map((telemetry) => {
      const { min, median: middle, max } = rates(rounds, telemetry);
      return `${count(middle)} (${count(min)} – ${count(max)})`;
    }),
    `${percent(share.median)} (${percent(share.min)} – ${percent(share.max)})`,
    ...[rounds.on, rounds.off].flatMap((some) => [cpu(some, 'server'), cpu(some, 'postgres')]),
    ...[rounds.on, rounds.off].map((some) => `${latencyMs(some, 0.99).toFixed(1)} ms`),
  ];
}

function cpu(rounds: readonly MeasuredRound[], key: keyof CpuPerCall): string {
  const values = rounds.flatMap(({ cpuUs }) => (cpuUs === undefined ? [] : [cpuUs[key]]));
  return values.length === 0 ? '?' : `${median(values).toFixed(0)} µs`;
}

function range(values: readonly number[], shown: (value: number) => string): string {
  const { min, median: middle, max } = spread(values);
  return `${shown(middle)} (${shown(min)} – ${shown(max)})`;
}

function received(lost: string | undefined): string {
  return lost === undefined
    ? 'The receiver got every span and log record of all calls, and nothing else.'
    : `**Not all telemetry arrived, so that it looks cheaper than it is: ${lost}**`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
