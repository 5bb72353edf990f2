import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PACKAGE_VERSION, SCOPE_NAME } from '../../../src/telemetry/scope.js';

it('names the package and its version', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as object;
  expect(manifest).toMatchObject({ name: SCOPE_NAME, version: PACKAGE_VERSION });
});
