import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
let base: string;

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'handoff-boards-'));
});
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

function run(...args: string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'dashboards', ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

it('writes boards that Grafana can read, and keeps what somebody changed', () => {
  const out = join(base, 'new', 'folder');
  expect(run('--out', out)).toMatchObject({ status: 0, stderr: '' });
  for (const name of readdirSync(join(out, 'boards'))) {
    expect(JSON.parse(readFileSync(join(out, 'boards', name), 'utf8'))).toMatchObject({
      uid: name.replace('.json', ''),
      schemaVersion: 42,
    });
  }
  const changed = join(out, 'boards', 'handoff-mcp.json');
  writeFileSync(changed, '{}');
  const again = run('--out', out);
  expect(again.status).toBe(1);
  expect(again.stderr).toContain('kept  boards/handoff-mcp.json');
  expect(readFileSync(changed, 'utf8')).toBe('{}');
  expect(run('--out', out, '--force').status).toBe(0);
  expect(readFileSync(changed, 'utf8')).not.toBe('{}');
});

it('links alerts to the Grafana that is there', () => {
  const out = join(base, 'linked');
  expect(run('--out', out, '--grafana-url', 'https://grafana.example.com/ops/').status).toBe(0);
  const rules = readFileSync(join(out, 'alerts/rules/runtime.yaml'), 'utf8');
  expect(rules).toContain('dashboard_url: https://grafana.example.com/ops/d/handoff-runtime?');
  expect(rules).not.toContain('127.0.0.1');
});

it('leaves out what only handoff servers need', () => {
  const out = join(base, 'any');
  expect(run('--out', out, '--only', 'any').status).toBe(0);
  expect(existsSync(join(out, 'boards', 'handoff-mcp.json'))).toBe(true);
  expect(existsSync(join(out, 'boards', 'handoff-business.json'))).toBe(false);
});

it.each([
  { args: [], says: '--out is required' },
  { args: ['--out', 'x', '--only', 'some'], says: '--only must be any or handoff, not "some"' },
  { args: ['--out', 'x', '--grafana-url', 'grafana.example.com'], says: 'such as https://grafana.example.com' },
  { args: ['--out', 'x', '--grafana-url', 'https://grafana.example.com/?orgId=1'], says: 'such as https://grafana.example.com' },
  { args: ['--out', cli], says: 'Name a folder that you may write to' },
])('refuses $args and says what is right', ({ args, says }) => {
  const { status, stdout, stderr } = run(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(says);
});
