import { median, quantile } from '../statistics.js';
import type { Timing } from './programs.js';
import type { Share } from './shares.js';
import { BUDGET_MS, FLOOR, OURS } from './variants.js';
import type { Variant } from './variants.js';

/** What was measured with one version of Node. */
export interface NodeResult {
  readonly version: string;
  readonly variants: readonly Variant[];
  readonly timings: ReadonlyMap<string, readonly Timing[]>;
  readonly shares: readonly Share[];
}

export interface DocumentHead {
  readonly command: string;
  readonly date: string;
  readonly machine: string;
  readonly loadAverage: number;
  readonly rounds: number;
}

/** What ours takes longer than the floor: the median over pairs of one round, milliseconds. */
export interface Excess {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** The floor alone took longer than the processor worked for it: others had the cores, and wall time says nothing of us. */
  readonly isStarved: boolean;
  readonly isWithin: boolean;
}

export function excessOf({ timings }: Pick<NodeResult, 'timings'>): Excess {
  const wallMs = median(differences(timings, OURS, FLOOR, 'ms'));
  const cpuMs = median(differences(timings, OURS, FLOOR, 'cpuMs'));
  const floor = timings.get(FLOOR) ?? [];
  const isStarved = median(floor.map(({ ms }) => ms)) > median(floor.map((timing) => timing.cpuMs));
  return { wallMs, cpuMs, isStarved, isWithin: (isStarved ? cpuMs : wallMs) <= BUDGET_MS };
}

export function startupDocument(head: DocumentHead, results: readonly NodeResult[]): string {
  return `# Start-up

Written by \`${head.command}\` on ${head.date}. ${head.machine}. Load average before: ${head.loadAverage.toFixed(2)}.

${head.rounds} rounds; in each of them every line is a process of its own, in changing order. Times are medians, with the quartiles in brackets;
differences are medians of the differences within a round. "CPU" is what the process used of all cores meanwhile. Nothing listens at the
endpoint telemetry is sent to. The budget: from before \`import 'handoff-otel'\` until \`instrument()\` has returned, at most ${BUDGET_MS} ms
more than loading \`@opentelemetry/sdk-node\` alone takes.

${results.map(nodeText).join('\n\n')}
`;
}

function nodeText(result: NodeResult): string {
  const { version, variants, timings } = result;
  const rows = variants.map(({ name, title, over }) => {
    const measured = timings.get(name) ?? [];
    const modules = median(measured.map((timing) => timing.modules));
    return [
      title,
      spreadText(measured.map(({ ms }) => ms)),
      over === undefined ? '' : differenceText(timings, name, over),
      spreadText(measured.map(({ cpuMs }) => cpuMs)),
      String(modules),
    ];
  });
  return `## Node.js ${version}

${verdict(result)}

${table(['', 'time, ms', 'more than', 'CPU, ms', 'CommonJS modules'], rows)}

Where the time of \`import 'handoff-otel'\` and \`instrument()\` goes:

${table(['', 'ms'], partRows(result))}`;
}

export function verdict(result: Pick<NodeResult, 'timings'>): string {
  const { wallMs, cpuMs, isStarved, isWithin } = excessOf(result);
  const judged = isStarved ? ' (judged by CPU: the machine was busy with other things)' : '';
  return `Ours over the floor: ${signed(wallMs)} ms, CPU ${signed(cpuMs)} ms, of ${BUDGET_MS} ms allowed${judged}: ${isWithin ? 'met' : '**missed**'}.`;
}

function partRows({ timings, shares }: NodeResult): string[][] {
  const ours = timings.get(OURS) ?? [];
  const [api, imported, all] = [
    ours.map(({ marks }) => marks[0] ?? Number.NaN),
    ours.map(({ marks }) => marks[1] ?? Number.NaN),
    ours.map(({ ms }) => ms),
  ].map(median);
  if (api === undefined || imported === undefined || all === undefined) return [];
  const start = all - imported;
  return [
    ["`import '@opentelemetry/api'`", api.toFixed(1)],
    ["`import 'handoff-otel'`, without that", (imported - api).toFixed(1)],
    ...shares.map(({ title, share }) => [`\`instrument()\`: ${title}`, (share * start).toFixed(1)]),
    ['together', all.toFixed(1)],
  ];
}

function differences(timings: NodeResult['timings'], name: string, over: string, of: 'ms' | 'cpuMs'): number[] {
  const base = timings.get(over) ?? [];
  return (timings.get(name) ?? []).map((timing, round) => timing[of] - (base[round]?.[of] ?? Number.NaN));
}

function differenceText(timings: NodeResult['timings'], name: string, over: string): string {
  return `${over}: ${signed(median(differences(timings, name, over, 'ms')))}`;
}

function signed(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${Math.abs(ms).toFixed(0)}`;
}

function spreadText(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  return `${quantile(sorted, 0.5).toFixed(0)} (${quantile(sorted, 0.25).toFixed(0)} – ${quantile(sorted, 0.75).toFixed(0)})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
