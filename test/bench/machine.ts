import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { postgresBinaries } from '../setup/postgresBinaries.js';

const BYTES_PER_GIB = 1024 ** 3;

/** What the figures were measured on, one fact a line. */
export async function machineFacts(): Promise<string[]> {
  const postgres = spawnSync(join(await postgresBinaries(), 'postgres'), ['--version'], { encoding: 'utf8' }).stdout.trim();
  return [
    `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${(totalmem() / BYTES_PER_GIB).toFixed(0)} GiB memory, ${type()} ${release()}`,
    `Node.js ${process.versions.node}, ${postgres}`,
  ];
}

/** Processes that wanted a core over the last minute: more than a few tenths at the start means that others were at work. */
export function loadAverage(): number {
  return loadavg()[0] ?? 0;
}
