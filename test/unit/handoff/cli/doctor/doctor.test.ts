import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { main } from '../../../../../src/handoff/cli/main.js';
import { serveAdminHttp } from '../../../../../src/handoff/server/admin/adminHttp.js';
import { mainThreadSource } from '../../../../../src/handoff/server/admin/mainThreadSource.js';
import type { Listening } from '../../../../../src/handoff/server/listen.js';
import { FakeSubject, report } from '../../server/admin/fakeSubject.js';

/** Of a set-up in which nothing is wrong and nothing is asked: no telemetry, an archive and a database that are only looked for. */
const SOUND = {
  OTEL_SDK_DISABLED: 'true',
  HOME: '/nonexistent/home',
  HANDOFF_DATA_DIR: '/tmp',
  HANDOFF_HTTP_PORT: '0',
  HANDOFF_ADMIN_PORT: '0',
};

let admin: Listening | undefined;
let other: Server | undefined;
afterEach(async () => {
  await admin?.close(0);
  other?.close();
  admin = undefined;
  other = undefined;
});

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const streams = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  return { code: await main(['doctor', ...args], { PATH: process.env['PATH'], ...SOUND, ...env }, streams), out, err };
}

async function takenPort(): Promise<string> {
  other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  return String((other.address() as AddressInfo).port);
}

describe('the exit code', () => {
  it('is 0 with warnings, and 1 with --strict', async () => {
    expect((await run([])).code).toBe(0);
    const strict = await run(['--strict']);
    expect([strict.code, strict.out.includes('  ! Telemetry is off (OTEL_SDK_DISABLED).')]).toEqual([1, true]);
  });

  it('is 2 with a fault', async () => {
    const { code, out } = await run([], { HANDOFF_HTTP_PORT: await takenPort() });
    expect(code).toBe(2);
    expect(out).toMatch(/\nports\n {2}✗ MCP cannot be served on 127\.0\.0\.1:\d+: another program.*\n {4}do this: End that program/u);
    expect(out).toMatch(/\n1 fault and \d+ warnings?\.\n$/u);
  });

  it.each([
    [['--replicas', '0'], '--replicas must be the number of processes'],
    [['--tempo', 'tempo:3200'], '--tempo must be the URL of an HTTP API, such as http://127.0.0.1:3200.'],
    [['--prometheus', 'x'], '--prometheus must be the URL of an HTTP API, such as http://127.0.0.1:9090.'],
    [['--loki', 'x'], '--loki must be the URL of an HTTP API, such as http://127.0.0.1:3100.'],
    [['--nothing'], "Unknown option '--nothing'"],
  ])('is 2 for the command line %j', async (args, words) => {
    const { code, err, out } = await run(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(words);
  });
});

describe('the report', () => {
  it('has no colour where there is no terminal, and each group once', async () => {
    const { out } = await run([]);
    expect(out).not.toContain('\u001B');
    const headings = out.split('\n').filter((line) => /^[a-z][a-z ]*$/u.test(line));
    expect(headings).toEqual(['program', 'settings', 'data folder', 'cache', 'archive', 'ports', 'telemetry', 'logs']);
  });

  it('is JSON with --json', async () => {
    const { code, out } = await run(['--json'], { HANDOFF_HTTP_PORT: await takenPort() });
    const { counts, checks, version } = JSON.parse(out);
    expect([code, counts.failure, version]).toEqual([2, 1, expect.stringMatching(/^\d+\./u)]);
    expect(checks.find(({ name }: { name: string }) => name === 'ports.http')).toEqual({
      name: 'ports.http',
      group: 'ports',
      findings: [{ verdict: 'failure', says: expect.any(String), remedy: expect.any(String) }],
    });
  });

  it('quotes the health of a server that runs, and what it advises', async () => {
    const subject = new FakeSubject();
    const advice = 'Start PostgreSQL.';
    subject.kept = report({
      results: report().results.map((result) =>
        result.name === 'database' ? { ...result, status: 'unhealthy', reason: 'unreachable', advice } : result,
      ),
    });
    admin = await serveAdminHttp({
      host: '127.0.0.1',
      port: 0,
      livenessTimeoutMs: 10_000,
      healthIntervalMs: 30_000,
      source: mainThreadSource(subject),
    });
    const { code, out } = await run([], { HANDOFF_ADMIN_PORT: String(admin.port) });
    expect(code).toBe(2);
    expect(out).toContain(`  ✓ A handoff server listens on 127.0.0.1:${admin.port}.`);
    expect(out).toContain(`  ✗ The server that runs says of its part database: unhealthy (unreachable).\n    do this: ${advice}`);
  });
});
