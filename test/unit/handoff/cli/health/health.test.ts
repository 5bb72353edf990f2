import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { main } from '../../../../../src/handoff/cli/main.js';
import { serveAdminHttp } from '../../../../../src/handoff/server/admin/adminHttp.js';
import { mainThreadSource } from '../../../../../src/handoff/server/admin/mainThreadSource.js';
import type { Listening } from '../../../../../src/handoff/server/listen.js';
import type { HealthReport } from '../../../../../src/handoff/monitoring/health/report.js';
import { FakeSubject, report } from '../../server/admin/fakeSubject.js';

let admin: Listening | undefined;
let other: Server | undefined;
afterEach(async () => {
  await admin?.close(0);
  other?.close();
  admin = undefined;
  other = undefined;
});

async function serve(kept: HealthReport): Promise<string> {
  const subject = new FakeSubject();
  subject.kept = kept;
  const source = mainThreadSource(subject);
  admin = await serveAdminHttp({ host: '127.0.0.1', port: 0, livenessTimeoutMs: 10_000, healthIntervalMs: 30_000, source });
  return admin.url;
}

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const streams = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  return { code: await main(['health', ...args], env, streams), out, err };
}

function withDatabase(status: 'healthy' | 'unhealthy', redis: 'healthy' | 'degraded'): HealthReport {
  const results = report().results.map((result) => {
    if (result.name === 'database') return { ...result, status };
    return result.name === 'redis' ? { ...result, status: redis } : result;
  });
  return report({ results });
}

describe('the exit code', () => {
  it.each([
    ['healthy', withDatabase('healthy', 'healthy'), 0, 0],
    ['degraded', withDatabase('healthy', 'degraded'), 0, 1],
    ['unhealthy', withDatabase('unhealthy', 'degraded'), 2, 2],
  ])('of a server that is %s', async (state, kept, code, strict) => {
    const url = await serve(kept);
    expect(await run(['--url', url, '--fail-on', 'unhealthy'])).toMatchObject({
      code,
      out: expect.stringMatching(`^The server is ${state}\\.`),
      err: '',
    });
    expect((await run(['--url', `${url}/`, '--fail-on', 'degraded'])).code).toBe(strict);
  });

  it('is 3 where there is no server', async () => {
    const url = await serve(report());
    await admin?.close(0);
    expect(await run(['--url', url])).toEqual({
      code: 3,
      out: '',
      err: expect.stringMatching(new RegExp(`^No health report from ${url}: ECONNREFUSED\\. Start the server, or name `)),
    });
  });

  it.each([
    ['something else', (response: ServerResponse) => response.end('hello')],
    ['something else in JSON', (response: ServerResponse) => response.end('{"status":"ok"}')],
    ['a server that does not know yet', (response: ServerResponse) => response.writeHead(503).end('The health is not known yet.\n')],
    ['more than anybody reads', (response: ServerResponse) => response.end('x'.repeat(2 * 1024 * 1024))],
  ])('is 3 where there is %s', async (_what, answer) => {
    const server = createServer((_request, response) => void answer(response));
    other = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { code, err } = await run(['--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`]);
    expect([code, err]).toEqual([3, expect.stringMatching(/^No health report from http.+: /u)]);
  });

  it.each([
    [['--fail-on', 'never'], {}, '--fail-on must be degraded or unhealthy, not never.'],
    [['--url', 'ftp://host'], {}, '--url must be the address of an admin port'],
    [[], { HANDOFF_ADMIN_PORT: '0' }, 'pass the address that it has logged, with --url'],
    [[], { HANDOFF_ADMIN_PORT: 'x' }, 'HANDOFF_ADMIN_PORT'],
    [['extra'], {}, 'Usage: handoff-otel health'],
  ])('is 2 for %j with %j', async (args, env, message) => {
    const { code, err } = await run(args, env);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

it('finds the server by its own settings', async () => {
  const url = new URL(await serve(withDatabase('healthy', 'healthy')));
  for (const host of ['127.0.0.1', '0.0.0.0', '::'])
    expect((await run([], { HANDOFF_ADMIN_HOST: host, HANDOFF_ADMIN_PORT: url.port })).code).toBe(0);
});

describe('with a configuration file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-health-'));
  const file = join(folder, 'config.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('finds the server by what the file says', async () => {
    const { port } = new URL(await serve(withDatabase('healthy', 'healthy')));
    writeFileSync(file, JSON.stringify({ HANDOFF_ADMIN_PORT: Number(port) }));
    expect(await run([], { HANDOFF_CONFIG_FILE: file })).toMatchObject({ code: 0, err: '' });
  });

  it.each(['{ broken', '{"HANDOFF_UNKNOWN": 1}', '{"HANDOFF_ADMIN_PORT": [1]}'])('asks a server that has refused it: %s', async (text) => {
    const { port } = new URL(await serve(withDatabase('healthy', 'healthy')));
    writeFileSync(file, text);
    const { code, err } = await run([], { HANDOFF_CONFIG_FILE: file, HANDOFF_ADMIN_PORT: port });
    expect([code, err]).toEqual([0, expect.stringContaining('HANDOFF_CONFIG_FILE was ignored.')]);
  });
});

it('takes a state that it does not know for nothing good', async () => {
  const server = createServer((_request, response) => void response.end('{"state":"critical","checks":{}}'));
  other = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  expect((await run(['--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`])).code).toBe(2);
});

it('shows each part, and what to do about those that are not healthy', async () => {
  const { out } = await run(['--url', await serve(report())]);
  expect(out).toContain('database    healthy');
  expect(out).toMatch(/redis +unhealthy +unreachable +1\.20 ms +10\.0 ms/u);
  expect(out.trimEnd().split('\n').at(-1)).toBe('redis: Start Redis.');
});

it('shows the document as it is on request', async () => {
  const { out } = await run(['--json', '--url', await serve(report())]);
  expect(JSON.parse(out)).toMatchObject({ status: 'warn', state: 'degraded', checks: { redis: [{ reason: 'unreachable' }] } });
});
