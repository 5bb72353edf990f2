import type { Verdict } from './judge.js';
import type { Reading } from './sample.js';

export interface SoakFigures {
  readonly command: string;
  readonly date: string;
  readonly machine: readonly string[];
  readonly loadAverage: number;
  readonly warmUpCalls: number;
  readonly callsPerSecond: number;
  /** Calls that failed or were refused. */
  readonly failedCalls: number;
  readonly readings: readonly Reading[];
  readonly verdict: Verdict;
}

const MIB = 1024 * 1024;
const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const mib = (bytes: number): string => (bytes / MIB).toFixed(1);
const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((total, one) => total + one, 0);

/** The report, in markdown; the plot is soak.svg beside it. */
export function document({ readings, verdict, ...figures }: SoakFigures): string {
  const { heap, external, mostBytesPerCall, problems } = verdict;
  const calls = (readings.at(-1)?.calls ?? 0) - figures.warmUpCalls;
  return `# What stays in memory

Written by \`${figures.command}\` on ${figures.date}.

${figures.machine.map((fact) => `- ${fact}`).join('\n')}
- Load average at the end: ${figures.loadAverage.toFixed(1)}

One built server over HTTP with PostgreSQL, Redis and everything on: telemetry by OTLP, \`/metrics\`, health, measurements in the database and scheduled jobs.
After ${count(figures.warmUpCalls)} calls that fill what is bounded, ${count(calls)} tool calls at ${count(figures.callsPerSecond)}/s: lives of sessions, from their registration to the handoff that ends them.
${count(figures.failedCalls)} of them failed or were refused. For each reading the agents pause, their connections are closed, and the garbage is collected.

![Heap in use after a forced collection, over the number of calls](soak.svg)

| calls | heap, MiB | outside of it, MiB | process, MiB | handles | listeners on \`process\` |
| ---: | ---: | ---: | ---: | ---: | ---: |
${readings
  .map(
    (reading) =>
      `| ${count(reading.calls)} | ${mib(reading.heapBytes)} | ${mib(reading.externalBytes)} | ${mib(reading.rssBytes)} | ${sum(reading.handles)} | ${sum(reading.listeners)} |`,
  )
  .join('\n')}

- Heap: ${heap.slope.toFixed(2)} bytes for each call, with a standard error of ${heap.slopeError.toFixed(2)}
- Outside of it: ${external.slope.toFixed(2)} bytes for each call, with a standard error of ${external.slopeError.toFixed(2)}
- A leak is more than ${mostBytesPerCall.toFixed(0)} bytes for each call (8, or what makes 2 MiB of all calls of a short run) and more than three standard errors, or a handle or listener that stays

${problems.length === 0 ? 'Nothing leaks.' : problems.map((problem) => `**${problem}**`).join('\n\n')}
`;
}
