import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { boardFiles } from './boardFiles.js';
import { filesWithSections } from './generatedSections.js';
import { ruleFiles } from './rules/files.js';

// Writes everything in the folder `dashboards` that is generated, and the generated sections of the data sources and of the collector's
// configurations; with --check it writes nothing, and fails on a difference.
// `npm run dashboards [-- --check]`.

const root = join(import.meta.dirname, '..');
const sections = filesWithSections((path) => readFileSync(join(root, '..', path), 'utf8'));
const files = [...boardFiles(), ...ruleFiles(), ...sections.map(({ path, text }) => ({ path: `../${path}`, text }))];

/** Folders with nothing but generated files: what is not generated any more goes. */
const FOLDERS = ['generated', 'alerts/rules', 'runbooks'] as const;
const left = FOLDERS.flatMap((folder) => existing(folder).map((name) => `${folder}/${name}`)).filter(
  (path) => !files.some((file) => file.path === path),
);

if (process.argv.includes('--check')) {
  const wrong = [...files.filter(({ path, text }) => read(path) !== text).map(({ path }) => path), ...left];
  for (const path of wrong) process.stdout.write(`${join('dashboards', path)} is not what its sources give.\n`);
  if (wrong.length > 0) process.stdout.write('Run `npm run dashboards`, look at the difference and commit it.\n');
  process.exitCode = wrong.length > 0 ? 1 : 0;
} else {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const path of left) rmSync(join(root, path));
  process.stdout.write(`Wrote ${files.length} files.\n`);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

function existing(folder: string): string[] {
  try {
    return readdirSync(join(root, folder));
  } catch {
    return [];
  }
}
