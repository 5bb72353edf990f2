import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  '.changeset/README.md',
  ...globSync('docs/**/*.md'),
];

/** Link targets of a document inside the repository, without anchors, as paths from its root. */
function linkedFiles(document: string): string[] {
  const targets = [...readFileSync(document, 'utf8').matchAll(/\]\(([^)\s]+)\)/gu)].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^(?:https?:|#)/u.test(target))
    .map((target) => path.join(path.dirname(document), target.split('#')[0] ?? ''));
}

it('links between documents lead to files that exist', () => {
  const links = documents.flatMap((document) => linkedFiles(document).map((file) => ({ document, file })));
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter(({ file }) => !existsSync(file))).toEqual([]);
});

it.each(['examples/instrumented-server.ts', 'examples/mcp-client.json'])('the README shows %s as it is', (example) => {
  // The first lines say how to run the file, which the README does in its own words.
  const text = readFileSync(example, 'utf8').replace(/^(?:\/\/.*\n)*/u, '');
  expect(readFileSync('README.md', 'utf8')).toContain(text);
});

it('documents name only scripts that package.json has', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const named = documents.flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/\bnpm (?:run ([\w:-]+)|(test|start)\b)/gu)].map(
      ([, script, short]) => script ?? short ?? '',
    ),
  );
  expect(named).toContain('demo');
  expect(named.filter((script) => !(script in scripts))).toEqual([]);
});
