import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tasks } from '../../../tools/tasks.js';
import { pages } from './markdown.js';

it('documents name only benches, comparisons and proofs that exist', () => {
  const named = pages.flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/npm run (?:--silent )?(bench|compare|prove) ([a-z][\w-]*)/gu)].map(
      ([, group = '', name = '']) => `${group} ${name}`,
    ),
  );
  const known = Object.entries(tasks).flatMap(([group, named]) => Object.keys(named).map((name) => `${group} ${name}`));
  expect(named).toContain('prove outages');
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});
