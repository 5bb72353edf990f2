import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';

const map = readFileSync('test/README.md', 'utf8');

it('test/README.md names every folder of test/, and none that is not there', () => {
  const folders = readdirSync('test', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const rows = [...map.matchAll(/^\| `(\w+)` \|/gmu)].map(([, folder]) => folder);
  // `setup` has no tests, hence no row.
  expect(map).toContain('`setup` has no tests');
  expect([...rows, 'setup'].toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
});

it('test/README.md says how to run them by paths, scripts and steps that exist', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly scripts: Readonly<Record<string, string>> };
  const steps = readFileSync('.ci/run', 'utf8');
  const [paths, named, stepNames] = [/npx vitest run (test\/[\w/]+)/gu, /npm run ([\w:-]+)/gu, /\.ci\/run ([\w-]+)/gu].map((pattern) =>
    [...map.matchAll(pattern)].map(([, found = '']) => found),
  );
  expect([paths?.length, named?.length, stepNames?.length].every((count) => count !== undefined && count > 0)).toBe(true);
  expect(paths?.filter((path) => !existsSync(path))).toEqual([]);
  expect(named?.filter((script) => !(script in scripts))).toEqual([]);
  expect(stepNames?.filter((step) => !steps.includes(`'${step}|`))).toEqual([]);
});
