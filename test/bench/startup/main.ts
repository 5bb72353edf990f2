import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadAverage } from '../machine.js';
import { excessOf, startupDocument, verdict } from './document.js';
import type { NodeResult } from './document.js';
import { buildAt } from './programs.js';
import type { Timing } from './programs.js';
import { runRounds } from './rounds.js';
import { sharesOf } from './shares.js';
import { FLOOR, OURS, variantsOf } from './variants.js';

// `npm run bench startup`: how long a process takes to be instrumented, beside how long it takes to load the SDK we start.
// --check measures these two only, again when they miss the budget, since a machine may be busy for a while, and then fails.
// --write keeps the report as docs/comparisons/benchmarks-startup.md.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    /** More runtimes to measure with, paths of executables. */
    node: { type: 'string', multiple: true, default: [] },
    dist: { type: 'string', default: 'dist' },
    check: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const ATTEMPTS = 3;
const rounds = Number(values.rounds ?? (values.check ? 15 : 40));
if (!(rounds >= 1)) throw new RangeError('--rounds wants a number');
const progress = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function measure(node: string): Promise<NodeResult> {
  const version = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
  const variants = variantsOf(buildAt(resolve(values.dist))).filter(({ name }) => !values.check || name === FLOOR || name === OURS);
  const timings = new Map<string, Timing[]>();
  for (let attempt = 0; attempt < (values.check ? ATTEMPTS : 1); attempt += 1) {
    for (const [name, more] of await runRounds(node, variants, rounds, progress))
      timings.set(name, [...(timings.get(name) ?? []), ...more]);
    progress(verdict({ timings }));
    if (excessOf({ timings }).isWithin) break;
  }
  const ours = variants.find(({ name }) => name === OURS);
  return { version, variants, timings, shares: ours === undefined ? [] : await sharesOf(node, ours.program, values.check ? 3 : 9) };
}

const head = {
  command: `npm run bench startup -- --rounds ${rounds}${values.write ? ' --write' : ''}`,
  date: new Date().toISOString().slice(0, 10),
  machine: `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`,
  loadAverage: loadAverage(),
  rounds,
};
const results: NodeResult[] = [];
for (const node of [process.execPath, ...values.node]) results.push(await measure(node));
const text = startupDocument(head, results);
process.stdout.write(text);
if (values.write) writeFileSync(new URL('../../../docs/comparisons/benchmarks-startup.md', import.meta.url), text);
if (values.check && results.some((result) => !excessOf(result).isWithin)) process.exitCode = 1;
