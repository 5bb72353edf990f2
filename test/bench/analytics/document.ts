import { LOAD_HEAD, loadRow } from '../measure.js';
import { median, quantile } from '../statistics.js';
import type { CallFigures } from './calls.js';
import type { RollupFigures, YearFigures } from './year.js';

export interface AnalyticsFigures extends YearFigures {
  readonly command: string;
  readonly date: string;
  readonly machine: readonly string[];
  readonly loadAverage: number;
  readonly calls: CallFigures;
  readonly callRoundSeconds: number;
}

const REPORT_P95_MS = 50;
/** Two parts of random events, rolled up in turns, differ by some percent. */
const FLAT_PERCENT = 10;

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const met = (isMet: boolean): string => (isMet ? 'met' : '**missed**');
const told = (value: number | undefined, unit: string): string => (value === undefined ? '?' : `${value.toFixed(1)} ${unit}`);
const cpuPerEventUs = ({ cpuSeconds, events }: RollupFigures): number | undefined =>
  cpuSeconds === undefined ? undefined : (cpuSeconds * 1e6) / events;
const perEventUs = ({ seconds, events }: RollupFigures): number => (seconds * 1e6) / events;

/** The report, in markdown. */
export function document(figures: AnalyticsFigures): string {
  const [, compared] = figures.growth;
  const events = [...figures.rollups, compared].reduce((sum, rollup) => sum + rollup.events, 0);
  return `# What analytics cost

Written by \`${figures.command}\` on ${figures.date}.

${figures.machine.map((fact) => `- ${fact}`).join('\n')}
- PostgreSQL with its own durability; load average before the first round: ${figures.loadAverage.toFixed(2)}

A year of ${count(events)} events at random times: one of twenty opens a session, one of twenty is a handoff, the others are entries of twenty agents. Besides, every
ten minutes a summary of eight operations and four samples of the process.

## Rolling up

| what is rolled up | events | events before | in | an event | CPU an event |
| --- | ---: | ---: | ---: | ---: | ---: |
${[...figures.growth, ...figures.rollups].map((rollup) => `| ${rollup.name} | ${count(rollup.events)} | ${count(rollup.eventsBefore)} | ${rollup.seconds.toFixed(1)} s | ${perEventUs(rollup).toFixed(1)} µs | ${told(cpuPerEventUs(rollup), 'µs')} |`).join('\n')}

${growth(figures.growth)}

## Storage

${bucketsTable(figures)}

## Reports of the year

|  | p50 | p95 | slowest | CPU |
| --- | ---: | ---: | ---: | ---: |
${figures.reports.map(({ name, timesMs, cpuMs }) => `| ${name} | ${ms(timesMs, 0.5)} | ${ms(timesMs, 0.95)} | ${ms(timesMs, 1)} | ${told(cpuMs, 'ms')} |`).join('\n')}

${reportVerdict(figures)}

## Tool calls meanwhile

${callsSection(figures)}
`;
}

const ms = (sorted: Float64Array, share: number): string => `${quantile(sorted, share).toFixed(1)} ms`;

function growth([young, old]: YearFigures['growth']): string {
  const [before, after] = [cpuPerEventUs(young) ?? perEventUs(young), cpuPerEventUs(old) ?? perEventUs(old)];
  return `The first two rows are the same days in two databases, rolled up in turns of some seconds: one has nothing else, the other a history ${(old.eventsBefore / old.events).toFixed(1)} times as long. No minutes
are kept of them. CPU is that of Node.js and of PostgreSQL with all it does by itself.

- what an event costs after ten times the history, as a share of what it costs without: ${((perEventUs(old) / perEventUs(young)) * 100).toFixed(0)} % of the time and ${((after / before) * 100).toFixed(0)} % of the CPU, flat within ${FLAT_PERCENT} %: ${met(after / before <= 1 + FLAT_PERCENT / 100)}`;
}

function bucketsTable({ buckets, bucketBytes }: YearFigures): string {
  const rows = buckets.reduce((sum, { rows: some }) => sum + some, 0);
  const all = buckets.reduce((sum, { values }) => sum + values, 0);
  return [
    '| buckets of a | rows | values in them | bytes a row, without its index |',
    '| --- | ---: | ---: | ---: |',
    ...buckets.map(
      ({ granularity, rows: some, values, bytesARow }) =>
        `| ${granularity} | ${count(some)} | ${count(values)} | ${bytesARow.toFixed(0)} |`,
    ),
    '',
    `A row has all values of a dimension. All of them with their indexes take ${(bucketBytes / 2 ** 20).toFixed(0)} MiB, ${(bucketBytes / rows).toFixed(0)} bytes a row and ${(bucketBytes / all).toFixed(0)} a value. Minutes are kept for some days only, see \`docs/analytics.md\`.`,
  ].join('\n');
}

function reportVerdict({ reports }: YearFigures): string {
  const slowest = Math.max(...reports.map(({ timesMs }) => quantile(timesMs, 0.95)));
  return `- p95 of each under ${REPORT_P95_MS} ms: ${slowest.toFixed(1)} ms, ${met(slowest < REPORT_P95_MS)}`;
}

function callsSection({ calls, callRoundSeconds }: AnalyticsFigures): string {
  const shares = Float64Array.from(
    calls.with,
    (round, index) => round.callsPerSecond / (calls.without[index]?.callsPerSecond ?? NaN),
  ).sort();
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(shares, share)) as [number, number, number];
  const [cost, noise] = [Math.max(0, 1 - middle) / 2, noiseOf(calls)];
  const percent = (share: number): string => (share * 100).toFixed(1);
  return `\`update_context\` with 32 callers of one server, in ${calls.with.length} pairs of turns of ${callRoundSeconds} s. At the beginning of one turn of each pair the jobs of analytics run (rollups and anomalies), and in
the other they do not, so that what both turns wrote is counted in one. Telemetry is off.

| ${LOAD_HEAD.join(' | ')} |
|${LOAD_HEAD.map(() => ' --- |').join('')}
| ${loadRow('with jobs', calls.with).join(' | ')} |
| ${loadRow('without', calls.without).join(' | ')} |

In a turn with jobs the server does ${percent(middle)} % of what it does in the one without (median of the pairs; half of them between ${percent(low)} % and ${percent(high)} %).
Of all calls of both turns that is ${percent(cost)} % at most: with a run each minute, what a run costs whatever it counts is paid less often.

- what jobs cost calls, beside the ${percent(noise)} % by which two turns without jobs, one after the other, differ (median): ${percent(cost)} %, ${met(cost <= noise)}`;
}

/** Every other turn without jobs is followed by the next one without. */
function noiseOf({ without }: CallFigures): number {
  const differences = without.flatMap(({ callsPerSecond }, index) => {
    const next = index % 2 === 0 ? without[index + 1] : undefined;
    return next === undefined ? [] : [Math.abs(next.callsPerSecond / callsPerSecond - 1)];
  });
  return median(differences);
}
