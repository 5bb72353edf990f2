import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importTarget, readManifest } from '../../../../src/instrumentation/loading/packageFolder.js';

it.each([
  [{ '.': './a.js' }, './a.js'],
  [{ '.': { types: './a.d.ts', import: './a.mjs', require: './a.cjs' } }, './a.mjs'],
  [{ '.': { require: './a.cjs', import: { types: './a.d.mts', default: './a.mjs' } } }, './a.mjs'],
  [{ '.': { workerd: './w.mjs', default: './a.js' } }, './a.js'],
  [{ './other': './a.js' }, undefined],
  ['./a.js', undefined],
  [undefined, undefined],
  [{ '.': null }, undefined],
])('import of . by %j is %s', (exports, file) => {
  expect(importTarget(exports, '.')).toBe(file);
});

it('reads a package.json, and takes a missing or broken one as none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-manifest-'));
  try {
    expect(readManifest(folder)).toBe(undefined);
    for (const [text, manifest] of [
      ['{"version":"1.2.3"}', { version: '1.2.3' }],
      ['{', undefined],
      ['7', undefined],
    ] as const) {
      writeFileSync(join(folder, 'package.json'), text);
      expect(readManifest(folder)).toEqual(manifest);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
