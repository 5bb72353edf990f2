import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installedCopies, modulesFoldersOf } from '../../../../src/instrumentation/loading/installedCopies.js';

const NAMES = ['@scope/lib', 'plain'];
let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'handoff-copies-')));
});
afterEach(() => rmSync(root, { recursive: true }));

function folder(path: string): string {
  mkdirSync(join(root, path), { recursive: true });
  return join(root, path);
}

function file(path: string, text: string): void {
  folder(dirname(path));
  writeFileSync(join(root, path), text);
}

describe('installedCopies', () => {
  it('finds what Node finds from a folder, and each copy once', () => {
    const near = folder('app/node_modules/plain');
    const far = folder('node_modules/@scope/lib');
    const starts = [folder('app/src/deep'), folder('app/src')];
    expect(installedCopies(NAMES, starts)).toEqual([near, far]);
  });

  it('resolves links, and finds all of a store by the links of one', () => {
    const real = folder('node_modules/.pnpm/plain@1.0.0/node_modules/plain');
    const other = folder('node_modules/.pnpm/@scope+lib@2.0.0_x@1/node_modules/@scope/lib');
    folder('node_modules/.pnpm/plainer@1.0.0/node_modules/plainer');
    symlinkSync(real, join(root, 'node_modules/plain'));
    expect(installedCopies(NAMES, [root]).sort()).toEqual([real, other].sort());
  });

  it("finds what npm's record tells of at any depth, unless it is gone", () => {
    const deep = folder('node_modules/a/node_modules/b/node_modules/@scope/lib');
    const paths = [
      'node_modules/a/node_modules/b/node_modules/@scope/lib',
      'node_modules/gone/node_modules/plain',
      'node_modules/other-plain',
    ];
    file(
      'node_modules/.package-lock.json',
      JSON.stringify({ packages: Object.fromEntries(paths.map((path) => [path, {}])) }, undefined, 2),
    );
    expect(installedCopies(NAMES, [root])).toEqual([deep]);
  });

  it('looks below the dependencies where there is no record', () => {
    const nested = folder('node_modules/dep/node_modules/plain');
    folder('node_modules/stranger/node_modules/plain');
    file('package.json', '{"dependencies":{"dep":"1"}}');
    expect(installedCopies(NAMES, [root])).toEqual([nested]);
  });

  it('finds nothing where nothing is, and takes broken files as none', () => {
    expect(installedCopies(NAMES, [join(root, 'no/such/folder')])).toEqual([]);
    file('node_modules/plain', 'a file');
    file('package.json', '{');
    expect(installedCopies(NAMES, [root])).toEqual([]);
  });
});

it('modulesFoldersOf names the folders whose node_modules loaded files come from', () => {
  const files = ['/app/node_modules/a/x.js', '/app/node_modules/a/y.js', '/app/node_modules/a/node_modules/b/z.js', '/app/main.js'];
  expect([...modulesFoldersOf(files)]).toEqual(['/app', '/app/node_modules/a']);
});
