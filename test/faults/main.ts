import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadAverage, machineFacts } from '../bench/machine.js';
import { writeDividedRules } from '../stack/live/dividedRules.js';
import { DIVIDE_TIMES_BY } from '../stack/live/timing.js';
import { assess } from './judge/assess.js';
import { HEALTH_INTERVAL_MS } from './lab/replica.js';
import { allRows } from './rows/allRows.js';
import { runRow } from './runRow.js';
import { cellsOf } from './table/cells.js';
import { page, readTable } from './table/page.js';
import { printed } from './table/printed.js';

// The fault table: `npm run prove faults [-- --only NAME,NAME --write]`. Makes each fault against real servers while agents call built
// handoff servers over HTTP, mends it, and judges what was seen. Exit code 1 if anything is not as it must be. With `--write` what holds
// goes into docs/comparisons/faults.md.

const { values } = parseArgs({ options: { only: { type: 'string' }, write: { type: 'boolean', default: false } } });
const names = values.only?.split(',') ?? allRows.map(({ name }) => name);
const unknown = names.filter((name) => !allRows.some((row) => row.name === name));
if (unknown.length > 0)
  throw new RangeError(`There is no fault ${unknown.join(', ')}; there are ${allRows.map(({ name }) => name).join(', ')}.`);

const root = join(import.meta.dirname, '../..');
const pageFile = join(root, 'docs/comparisons/faults.md');
/** Logs of every program; kept when something failed. */
const logFolder = join(root, '.cache/faults');
rmSync(logFolder, { recursive: true, force: true });
mkdirSync(logFolder, { recursive: true });
// Whatever happens before it is known that all is well is a failure.
process.exitCode = 1;
await using cleanUp = new AsyncDisposableStack();
const bench = { logFolder, ruleFiles: writeDividedRules(cleanUp).ruleFiles };
const table = new Map(existsSync(pageFile) ? readTable(readFileSync(pageFile, 'utf8'), allRows) : []);
const failed: string[] = [];
for (const row of allRows.filter(({ name }) => names.includes(name))) {
  try {
    const evidence = await runRow(row, bench);
    writeFileSync(join(logFolder, row.name, 'evidence.json'), JSON.stringify(evidence));
    const assessment = assess(row.expects, evidence);
    process.stdout.write(printed(row, assessment));
    if (assessment.faults.length > 0) failed.push(row.name);
    else table.set(row.name, cellsOf(row, assessment, new Date().toISOString().slice(0, 10)));
    // After each row: what was measured in half an hour is not lost with what comes last.
    if (values.write) await writePage();
  } catch (error) {
    failed.push(row.name);
    process.stdout.write(`${row.name}: could not be run: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
}
if (failed.length === 0) process.exitCode = 0;
else process.stdout.write(`These do not hold: ${failed.join(', ')}. The logs of all programs are in ${logFolder}.\n`);

async function writePage(): Promise<void> {
  const facts = {
    machine: await machineFacts(),
    loadAverage: loadAverage(),
    dividedBy: DIVIDE_TIMES_BY,
    healthIntervalMs: HEALTH_INTERVAL_MS,
  };
  writeFileSync(pageFile, page(allRows, table, facts));
}
