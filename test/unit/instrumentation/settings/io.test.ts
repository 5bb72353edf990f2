import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { systemIo } from '../../../../src/instrumentation/settings/io.js';

const folder = mkdtempSync(join(tmpdir(), 'handoff-io-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('reads files, by links too', () => {
  writeFileSync(join(folder, 'ca.pem'), 'certificate');
  symlinkSync(join(folder, 'ca.pem'), join(folder, 'link.pem'));
  expect(String(systemIo.readFile(join(folder, 'link.pem')))).toBe('certificate');
});

it.each(['/dev/zero', folder, 'pipe', 'large'])('refuses %s, which would never end or is no certificate', (path) => {
  const named = join(folder, 'pipe');
  if (path === 'pipe') execFileSync('mkfifo', [named]);
  if (path === 'large') writeFileSync(join(folder, 'large'), Buffer.alloc(1_048_577));
  const given = path.startsWith('/') ? path : join(folder, path);
  expect(() => systemIo.readFile(given)).toThrow('not a file of at most 1 MiB');
  expect(() => systemIo.readConfigFile(given)).toThrow('not a file of at most 1 MiB');
});
