import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tasks } from '../../tools/tasks.js';

// `npm run bench`, `compare` and `prove` take the name of a program.

const named = Object.entries(tasks).flatMap(([group, known]) => Object.keys(known).map((name) => `${group} ${name}`));

it('starts files that exist', () => {
  const files = Object.values(tasks).flatMap((known) =>
    Object.values(known).flatMap(({ args }) => args.filter((word) => word.startsWith('test/'))),
  );
  expect(files).toHaveLength(named.length);
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});

it('is explained in CONTRIBUTING.md, each by its name', () => {
  const rows = [...readFileSync('CONTRIBUTING.md', 'utf8').matchAll(/^\| `((?:bench|compare|prove) [\w-]+)` \|/gmu)].map(
    ([, name]) => name,
  );
  expect(rows).toEqual(named);
});

it('is called by names that exist wherever a document, a script or a source names it', () => {
  const places = [
    ...globSync(['*.md', '.changeset/*.md', '.ci/run', '.ci/steps/*.sh', 'docs/**/*.md', 'test/**/*.{md,ts}', 'tools/**/*.ts']),
  ].filter((path) => !path.includes('node_modules'));
  const called = places.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\bnpm run (?:--silent )?(bench|compare|prove) (?:-- )?([\w-]+)/gu)].map(
      ([, task, name]) => `${task} ${name}`,
    ),
  );
  expect(called.length).toBeGreaterThan(20);
  expect(called.filter((name) => !named.includes(name))).toEqual([]);
});

it.each([
  { name: [], says: 'Usage: npm run prove <name> -- [arguments]\n\n  gates ' },
  { name: ['speed'], says: 'prove has no task called speed.\n\nUsage: npm run prove <name>' },
])('lists the names when it is called with $name', ({ name, says }) => {
  const { status, stderr } = spawnSync('npm', ['run', '--silent', 'prove', ...name], { encoding: 'utf8' });
  expect(stderr).toContain(says);
  expect(status).toBe(2);
});
