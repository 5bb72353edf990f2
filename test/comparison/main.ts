import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { comparisonDocument } from './document.js';
import { examineAll } from './examinations.js';
import type { Findings } from './examine.js';
import { install } from './install.js';
import { packages } from './packages.js';
import { rows } from './rows/rows.js';

// `npm run compare mcp`: what ours and other packages tell of MCP, seen by running the same scenarios against each.
// Prints markdown; --write keeps it as docs/comparisons/mcp.md. Peers are installed into their own folders first.

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const wanted = values.only?.split(',');
const unknown = wanted?.filter((name) => !packages.some((each) => each.name === name)) ?? [];
const chosen = packages.filter(({ name }) => wanted?.includes(name) ?? true);
const progress = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

if (values.help || unknown.length > 0 || (values.write && wanted !== undefined)) {
  if (unknown.length > 0) progress(`No such package: ${unknown.join(', ')}.`);
  progress(`Usage: npm run compare mcp -- [--only ${packages.map(({ name }) => name).join(',')}] [--verbose] [--write]`);
  progress('--write keeps the report as docs/comparisons/mcp.md and so wants all of it.');
  process.exitCode = values.help ? 0 : 2;
} else {
  for (const each of chosen) install(each, progress);
  const found = await examineAll(chosen, progress);
  const text = comparisonDocument(found, new Date().toISOString().slice(0, 10));
  process.stdout.write(values.verbose ? `${text}\n${observations(found)}` : text);
  if (values.write) writeFileSync(new URL('../../docs/comparisons/mcp.md', import.meta.url), text);
}

/** One line a cell: what was seen. */
function observations(found: ReadonlyMap<string, Findings>): string {
  const lines = rows.flatMap(({ title }) =>
    chosen.map(({ name, title: column }) => {
      const finding = found.get(name)?.[title];
      return `${(finding?.cell ?? '?').padEnd(4)} ${column.padEnd(14)} ${title}: ${finding?.observed ?? 'not looked at'}\n`;
    }),
  );
  return lines.join('');
}
