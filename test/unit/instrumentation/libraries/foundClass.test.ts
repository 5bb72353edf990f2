import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { classOfFile } from '../../../../src/instrumentation/libraries/foundClass.js';

class Client {
  query(): void {}
  connect(): void {}
}

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'handoff-otel-found-')));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it.each(['node_modules/pg', 'node_modules/alias', 'npm/registry.npmjs.org/pg/8.23.1'])(
  'knows the package by its manifest, in %s',
  (place) => {
    const root = join(folder, place);
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'package.json'), '{"name":"pg","version":"8.23.1"}');
    expect(classOfFile(join(root, 'lib/client.js'), Client)).toMatchObject({
      root,
      version: '8.23.1',
      target: Client,
      library: { name: 'pg' },
    });
  },
);

it.each(['lib', 'npm/pg'])('takes nothing for a package in %s', (place) => {
  expect(classOfFile(join(folder, place, 'lib/client.js'), Client)).toBeUndefined();
});
