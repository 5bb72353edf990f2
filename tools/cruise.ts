import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { cruise, format } from 'dependency-cruiser';
import type { ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { describeLoop, folderLoops } from './folderLoops.js';
import type { Import } from './folderLoops.js';

// Checks layers and cycles of the project in the working directory, by the rules of the .dependency-cruiser.mjs beside this folder.
// It adds two checks to them: that no folder has a loop among its children, and that every file of src was read. With a TypeScript
// it cannot use, dependency-cruiser sees no module, finds nothing wrong and exits with 0.

/** Returns the files of src that the cruise did not read, with `/` between folders as dependency-cruiser writes them. */
function unread(result: ICruiseResult): string[] {
  const read = new Set(result.modules.map((module) => module.source));
  const onDisk = globSync('src/**/*.{ts,mts,cts,js,mjs,cjs}').map((file) => file.split(path.sep).join('/'));
  return onDisk.filter((file) => !read.has(file)).sort();
}

/** Returns the imports between files of src, including type imports. */
function importsWithin({ modules }: ICruiseResult): Import[] {
  return modules
    .flatMap(({ source, dependencies }) => dependencies.map(({ resolved }) => ({ from: source, to: resolved })))
    .filter(({ from, to }) => from.startsWith('src/') && to.startsWith('src/'));
}

// The boards use parts of the catalogue that nothing in src does.
const options = await extractOptions(path.join(import.meta.dirname, '..', '.dependency-cruiser.mjs'));
const { output } = await cruise(
  ['src', 'dashboards/src'].filter((folder) => existsSync(folder)),
  { ...options, validate: true },
);
if (typeof output === 'string') throw new TypeError('dependency-cruiser returned a report instead of its result.');

const report = await format(output, { outputType: 'err-long' });
if (typeof report.output === 'string') process.stdout.write(report.output);

const missed = unread(output);
if (missed.length > 0) {
  process.stdout.write(
    `error not-cruised: ${missed.length} file(s) of src were not read. Does dependency-cruiser find a TypeScript it supports (npm ls typescript)?\n` +
      missed.map((file) => `  ${file}\n`).join(''),
  );
}
const loops = folderLoops(importsWithin(output));
if (loops.length > 0) {
  process.stdout.write(
    `error no-folder-loops: ${loops.length} loop(s) among the files and subfolders of a folder. Move what both sides need to where it ` +
      `belongs, split a file that holds two ideas, or pass it in.\n${loops.map(describeLoop).join('')}`,
  );
}
process.exitCode = report.exitCode > 0 || loops.length > 0 || missed.length > 0 ? 1 : 0;
