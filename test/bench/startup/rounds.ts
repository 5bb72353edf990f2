import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Program, Timing } from './programs.js';
import type { Variant } from './variants.js';

const run = promisify(execFile);

/** One process, alone: nothing else of the benchmark runs beside it. */
export async function runOnce(node: string, { flags, code }: Program, moreFlags: readonly string[] = []): Promise<Timing> {
  const { stdout } = await run(node, [...moreFlags, ...flags, '-e', code], { env: environment() });
  return JSON.parse(stdout) as Timing;
}

/**
 * Each variant once a round, every round in another order. Figures of a round belong together: what the machine was busy with
 * then, all of them had to bear.
 */
export async function runRounds(
  node: string,
  variants: readonly Variant[],
  rounds: number,
  progress: (line: string) => void,
): Promise<ReadonlyMap<string, readonly Timing[]>> {
  const timings = new Map<string, Timing[]>(variants.map(({ name }) => [name, []]));
  // The first of each reads its files from the disk, the others from memory.
  for (const { program } of variants) await runOnce(node, program);
  for (let round = 0; round < rounds; round += 1) {
    if (round % 10 === 0) progress(`${node}: round ${round + 1} of ${rounds}`);
    for (const { name, program } of rotated(variants, round)) timings.get(name)?.push(await runOnce(node, program));
  }
  return timings;
}

/** Begins elsewhere each round, and goes backwards every second: nobody always follows the same. */
function rotated<T>(items: readonly T[], round: number): T[] {
  const first = round % items.length;
  const turned = [...items.slice(first), ...items.slice(0, first)];
  return Math.floor(round / items.length) % 2 === 0 ? turned : turned.reverse();
}

/** Neither settings of whoever measures, nor a collector, nor a port somebody else has. */
function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([key]) => !/^(?:OTEL_|HANDOFF_|NODE_)/.test(key));
  return { ...Object.fromEntries(inherited), OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_EXPORTER_PROMETHEUS_PORT: '0' };
}
