import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { read, root, variables } from './composeFile.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dclint-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What dclint says of a Compose file. It does not read `.env`, so the images are put in. */
function lint(text: string): { status: number | null; output: string } {
  const file = join(folder, 'docker-compose.yml');
  writeFileSync(
    file,
    text.replaceAll(/\$\{(\w+)\}/g, (all, name: string) => variables[name] ?? all),
  );
  const args = ['-c', join(root, '.dclintrc.yaml'), '--max-warnings', '0', '--formatter', 'compact', file];
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/dclint'), args, { cwd: folder, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describe('dclint', () => {
  it('finds nothing in docker-compose.yml', () => {
    expect(lint(read('docker-compose.yml'))).toMatchObject({ status: 0 });
  });

  it.each([
    [
      'a port that is open to the network',
      (text: string) => text.replace('"127.0.0.1:9090:9090"', '"9090:9090"'),
      'no-unbound-port-interfaces',
    ],
    ['an image without a version', (text: string) => text.replace('${TEMPO_IMAGE}', 'grafana/tempo'), 'service-image-require-explicit-tag'],
    ['a key that Compose does not know', (text: string) => text.replace('mem_limit: 1g', 'memory: 1g'), 'invalid-schema'],
  ])('finds %s', (_, change, rule) => {
    const text = read('docker-compose.yml');
    expect(change(text)).not.toBe(text);
    expect(lint(change(text))).toEqual({ status: 1, output: expect.stringContaining(rule) });
  });
});
