import { expect, it } from 'vitest';
import { CLASS_FILES, LIBRARIES } from '../../../../src/instrumentation/libraries/libraryTable.js';

it('looks into every file of a library that declares what is patched, by whatever folder', () => {
  for (const { name, files } of LIBRARIES) {
    const folders = [
      `/a/node_modules/${name}`,
      `/a/node_modules/.pnpm/${name}@1.0.0/node_modules/${name}`,
      `/a/deno/npm/registry.npmjs.org/${name}/1.0.0`,
      ...(name === 'pg-pool' ? [] : ['/a/node_modules/alias', '/a/node_modules/@scope/alias']),
    ];
    for (const path of folders.flatMap((folder) => files.map((file) => `${folder}/${file}`))) expect(path).toMatch(CLASS_FILES);
  }
});

it.each([
  '/a/pg/lib/client.js',
  '/a/node_modules/other/index.js',
  '/a/node_modules/pg/lib/deeper/client.js',
  '/a/node_modules/pino/lib/tools.js',
])('passes %s over', (path) => {
  expect(path).not.toMatch(CLASS_FILES);
});
