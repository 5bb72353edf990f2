import { median, spread } from '../statistics.js';
import type { LatencyFigures } from './latency.js';
import type { DropFigures } from './partitions.js';
import type { RoundFigures } from './rounds.js';

export interface Figures extends RoundFigures {
  readonly date: string;
  readonly machine: readonly string[];
  readonly loadAverage: number;
  readonly rounds: number;
  readonly scale: number;
  readonly sessions: number;
  readonly due: number;
  readonly jobs: number;
  readonly sameDue: number;
  readonly latency: LatencyFigures;
  /** Sessions ended each second where as many are due in a table of all sessions, and of a tenth. */
  readonly largeTable: number;
  readonly smallTable: number;
  readonly drop: DropFigures;
}

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

/** The report, in markdown. */
export function document(figures: Figures): string {
  const { bare, ours, latency, drop } = figures;
  const paired = spread(ours.map((rate, round) => (100 * rate) / (bare[round] ?? Number.NaN)));
  const rates = (values: readonly number[]): string => {
    const { min, median, max } = spread(values);
    return `${count(median)} | ${count(min)} – ${count(max)}`;
  };
  const beside = (values: LatencyFigures['alone']): string =>
    `${count(values.calls)} | ${ms(values.p50Ms)} | ${ms(values.p99Ms)} | ${ms(values.maxMs)}`;
  return `# What the life of sessions costs

Written by \`npm run bench lifecycle -- --rounds ${figures.rounds} --write\` on ${figures.date}${figures.scale === 1 ? '' : ` at ${figures.scale} of the size`}.

${figures.machine
  .map((fact) => `- ${fact}, PostgreSQL with its own durability, 1 GB of shared buffers`)
  .slice(-1)
  .join('\n')}
${figures.machine
  .map((fact) => `- ${fact}`)
  .slice(0, -1)
  .join('\n')}
- Load average before the first round: ${figures.loadAverage.toFixed(2)}

## Ending sessions

${count(figures.sessions)} sessions, of which ${count(figures.due)} are due. Everybody takes a turn in each of ${count(figures.rounds)} rounds, in an order that changes from round to round,
after a round that does not count. A turn of the first two ends ${count(figures.turn)} sessions, with two workers and batches of 1,000. The bare
statement does the least that ends each session once with an event. The sweep also spares sessions that were active since, counts
transitions and makes a span; here it makes no pause between batches.

|  | sessions/s, median | min – max |
| --- | ---: | ---: |
| the bare statement | ${rates(bare)} |
| the sweep | ${rates(ours)} |

The sweep reaches ${paired.median.toFixed(0)} % of the bare statement (${paired.min.toFixed(0)} to ${paired.max.toFixed(0)} %, the two of each round compared; the goal is 80 %).

Queues, with one job for each of ${count(figures.jobs)} sessions in a turn, on the same server. Each handler ends its session with one statement.

|  | sessions/s, median | min – max | enqueued/s before, median |
| --- | ---: | ---: | ---: |
${Object.entries(figures.queues)
  .map(([name, { perSecond, enqueuedPerSecond }]) => `| ${name} | ${rates(perSecond)} | ${count(median(enqueuedPerSecond))} |`)
  .join('\n')}

${count(figures.sameDue)} due in a table of ${count(figures.sessions)} sessions: ${count(figures.largeTable)}/s. As many in a table of ${count(figures.sessions / 10)}: ${count(figures.smallTable)}/s.

## Calls meanwhile

\`update_context\` at 200 calls/s offered to one server, by itself and for as long as another replica sweeps at its default pace, which ended
${count(latency.sweepPerSecond)} sessions/s. A call's time counts from when it was due. The goal for the 99th percentile is 50 ms.

|  | calls | p50 | p99 | slowest |
| --- | ---: | ---: | ---: | ---: |
| by itself | ${beside(latency.alone)} |
| while the sweep runs | ${beside(latency.besideSweep)} |

## Dropping a month of log rows

${count(drop.rows)} rows: ${ms(drop.ms)}, with the months ahead checked. The slowest of the rows that were written meanwhile took ${ms(drop.slowestWriteMs)}.
`;
}
