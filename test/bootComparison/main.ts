import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadAverage, machineFacts } from '../bench/machine.js';
import { provideServices } from '../setup/globalServices.js';
import { bootstraps } from './bootstraps/all.js';
import { bootComparisonDocument } from './document.js';
import { examineAll } from './examine.js';
import { install } from './install.js';
import { startUpTimes } from './startUp.js';

// `npm run compare bootstrap`: what ours and other packages do for a process, seen by running the same programs under each, in processes of
// their own, against PostgreSQL, Redis and a collector. Prints markdown; --write keeps it as docs/comparisons/bootstrap.md.

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    row: { type: 'string' },
    built: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const wanted = values.only?.split(',');
const unknown = wanted?.filter((name) => !bootstraps.some((each) => each.name === name)) ?? [];
const chosen = bootstraps.filter(({ name }) => wanted?.includes(name) ?? true);
const isPart = wanted !== undefined || values.row !== undefined;
const progress = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

if (values.help || unknown.length > 0 || (values.write && isPart)) {
  if (unknown.length > 0) progress(`No such package: ${unknown.join(', ')}.`);
  progress(
    `Usage: npm run compare bootstrap -- [--only ${bootstraps.map(({ name }) => name).join(',')}] [--row part-of-a-title] [--verbose] [--write]`,
  );
  progress(
    '--write keeps the report as docs/comparisons/bootstrap.md and so wants all of it. --built is another folder of our package, with its dist.',
  );
  process.exitCode = values.help ? 0 : 2;
} else {
  for (const each of chosen) install(each, progress);
  const load = `load average before: ${loadAverage().toFixed(2)}`;
  const stop = await provideServices();
  try {
    const built = values.built ?? join(import.meta.dirname, '../..');
    const found = await examineAll(chosen, built, progress, { wanted: values.row ?? '', verbose: values.verbose });
    const times = values.row === undefined ? await startUpTimes(chosen, built, progress) : [];
    const text = bootComparisonDocument(found, times, new Date().toISOString().slice(0, 10), [...(await machineFacts()), load]);
    process.stdout.write(text);
    if (values.write) writeFileSync(new URL('../../docs/comparisons/bootstrap.md', import.meta.url), text);
  } finally {
    await stop();
  }
}
