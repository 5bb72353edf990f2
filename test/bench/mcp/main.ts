import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadAverage, machineFacts } from '../machine.js';
import { checkCosts } from './check.js';
import { benchmarkDocument } from './document.js';
import { METHOD } from './method.js';
import { installPeers } from './peers.js';
import { profileVariant } from './profile.js';
import { resultsOf } from './results.js';
import { addAllocations, runRounds } from './rounds.js';
import { sections, targets } from './section.js';
import { variants } from './variants.js';

// `npm run bench mcp`: what a `tools/call` costs with and without telemetry, ours and its peers side by side.
// Prints markdown; --write keeps it as docs/comparisons/benchmarks-mcp.md. Peers are installed into their own folders first.
// --check only compares ours with the floor, within bounds that a busy machine keeps, and fails when a cost has doubled.

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '40' },
    processes: { type: 'string', default: '10' },
    calls: { type: 'string', default: '4000' },
    warmup: { type: 'string', default: '8000' },
    allocation: { type: 'boolean', default: true },
    profile: { type: 'boolean', default: false },
    'profile-dir': { type: 'string' },
    check: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
  allowNegative: true,
});
const wanted = values.only?.split(',');
const chosen = variants.filter(({ name }) => wanted?.includes(name) ?? true);
const unknown = wanted?.filter((name) => !variants.some((variant) => variant.name === name)) ?? [];
const plan = {
  rounds: Number(values.rounds),
  processes: Number(values.processes),
  calls: Number(values.calls),
  warmup: Number(values.warmup),
};
const progress = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

if (
  values.help ||
  unknown.length > 0 ||
  Object.values(plan).some((count) => !(count >= 1)) ||
  (values.write && (wanted !== undefined || !values.allocation))
) {
  process.stderr.write(
    `${unknown.length > 0 ? `No such variant: ${unknown.join(', ')}.\n` : ''}Usage: npm run bench mcp -- [--only bare,floor,ours] [--rounds 40] [--processes 10] [--calls 4000] [--warmup 8000] [--no-allocation] [--profile [--profile-dir folder]] [--check] [--write]\n` +
      `${variants.map(({ name, road, title }) => `  ${name.padEnd(20)} ${road.padEnd(8)} ${title}\n`).join('')}--write keeps the report as docs/comparisons/benchmarks-mcp.md and so wants all of it.\n`,
  );
  process.exitCode = values.help ? 0 : 2;
} else if (values.check) {
  process.exitCode = (await checkCosts(progress)) ? 0 : 1;
} else if (values.profile) {
  const profiled = wanted === undefined ? variants.filter(({ name }) => name === 'ours') : chosen;
  installPeers(
    profiled.flatMap(({ peer }) => peer ?? []),
    progress,
  );
  for (const variant of profiled) process.stdout.write(`${await profileVariant(variant, values['profile-dir'])}\n`);
} else {
  installPeers(
    chosen.flatMap(({ peer }) => peer ?? []),
    progress,
  );
  const head = {
    command: `npm run bench mcp -- --rounds ${plan.rounds} --processes ${plan.processes} --calls ${plan.calls}${values.write ? ' --write' : ''}`,
    date: new Date().toISOString().slice(0, 10),
    // No database takes part here.
    machine: (await machineFacts()).map((fact) => fact.replace(/, postgres.*$/, '')),
    loadAverage: loadAverage(),
    method: METHOD,
  };
  const measured = await runRounds(chosen, plan, progress);
  if (values.allocation) await addAllocations(chosen, measured, plan, progress);
  const results = resultsOf(chosen, measured);
  const text = benchmarkDocument(head, targets(results), sections(results));
  process.stdout.write(text);
  if (values.write) writeFileSync(new URL('../../../docs/comparisons/benchmarks-mcp.md', import.meta.url), text);
}
