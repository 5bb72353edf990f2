import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pages } from './markdown.js';

it.each(['examples/stdio-server.ts', 'examples/mcp-client.json'])('the README shows %s as it is', (example) => {
  // The first lines say how to run the file, which the README does in its own words.
  const text = readFileSync(example, 'utf8').replace(/^(?:\/\/.*\n)*/u, '');
  expect(readFileSync('README.md', 'utf8')).toContain(text);
});

it('documents name only scripts that package.json has', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const named = pages.flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/\bnpm (?:run ([\w:-]+)|(test|start)\b)/gu)].map(
      ([, script, short]) => script ?? short ?? '',
    ),
  );
  expect(named).toContain('demo');
  expect(named.filter((script) => !(script in scripts))).toEqual([]);
});
