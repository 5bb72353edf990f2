import { afterEach, describe, expect, it } from 'vitest';
import { serveAdminHttp } from '../../../../../src/handoff/server/admin/adminHttp.js';
import type { AdminOptions } from '../../../../../src/handoff/server/admin/adminHttp.js';
import { mainThreadSource } from '../../../../../src/handoff/server/admin/mainThreadSource.js';
import type { AdminSource } from '../../../../../src/handoff/server/admin/adminSource.js';
import type { Listening } from '../../../../../src/handoff/server/listen.js';
import { raw } from '../rawHttp.js';
import { FakeSubject, report } from './fakeSubject.js';

let listening: Listening | undefined;
afterEach(async () => {
  await listening?.close(0);
});

const ADDRESS = { host: '127.0.0.1', port: 0, livenessTimeoutMs: 10_000, healthIntervalMs: 30_000 } as const;

async function serve(change: (subject: FakeSubject) => void = () => undefined, source: Partial<AdminSource> = {}): Promise<number> {
  const subject = new FakeSubject();
  change(subject);
  listening = await serveAdminHttp({ ...ADDRESS, source: { ...mainThreadSource(subject), ...source } });
  return listening.port;
}

const NOT_FOUND = 'Not found. See /metrics, /livez, /readyz and /health.\n';

it.each([
  ['GET', '/livez', 200, 'ok\n'],
  ['GET', '/livez?x=1', 200, 'ok\n'],
  ['HEAD', '/livez', 200, ''],
  ['GET', '/metrics', 200, 'm 1\n'],
  ['HEAD', '/metrics', 200, ''],
  ['GET', '/readyz', 200, 'ready\n'],
  ['GET', '/', 404, NOT_FOUND],
  ['GET', '/metrics/', 404, NOT_FOUND],
  ['POST', '/metrics', 405, 'Only GET is allowed here.\n'],
  ['DELETE', '/livez', 405, 'Only GET is allowed here.\n'],
])('%s %s is answered %d %j', async (method, path, status, text) => {
  const answer = await raw(await serve(), { method, path });
  expect([answer.status, answer.text]).toEqual([status, text]);
});

it('says which methods there are', async () => {
  expect((await raw(await serve(), { method: 'PUT', path: '/livez' })).headers).toMatchObject({
    allow: 'GET, HEAD',
    'cache-control': 'no-store',
  });
});

it('answers 500 when the metrics cannot be written, and goes on', async () => {
  const port = await serve((subject) => {
    subject.metricsHandler = () => {
      throw new Error('secret');
    };
  });
  const answer = await raw(port, { method: 'GET', path: '/metrics' });
  expect([answer.status, answer.text]).toEqual([500, 'The metrics could not be written.\n']);
  expect((await raw(port, { method: 'GET', path: '/livez' })).status).toBe(200);
});

it('answers 503 with the reason when calls cannot succeed', async () => {
  const port = await serve((subject) => {
    subject.isReady = () => Promise.resolve({ reason: 'the database cannot be reached' });
  });
  const answer = await raw(port, { method: 'GET', path: '/readyz' });
  expect([answer.status, answer.text]).toEqual([503, 'not ready: the database cannot be reached\n']);
});

it('rejects when the port is taken', async () => {
  const port = await serve();
  const options: AdminOptions = { ...ADDRESS, port, source: mainThreadSource(new FakeSubject()) };
  await expect(serveAdminHttp(options)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

it('is alive until the main thread has been silent for too long', async () => {
  let silentMs = 10_000;
  const port = await serve(undefined, { silentMs: () => silentMs });
  expect((await raw(port, { method: 'GET', path: '/livez' })).status).toBe(200);
  silentMs = 10_001;
  const answer = await raw(port, { method: 'GET', path: '/livez' });
  expect([answer.status, answer.text]).toEqual([503, 'not alive: the main thread has not answered for 10001 ms\n']);
});

it('tells one who asks that too many ask already', async () => {
  let answer: (readiness: 'ready') => void = () => undefined;
  let asked = 0;
  const readiness = new Promise<'ready'>((resolve) => (answer = resolve));
  const port = await serve((subject) => {
    subject.isReady = () => ((asked += 1), readiness);
  });
  const waiting = Array.from({ length: 50 }, () => raw(port, { method: 'GET', path: '/readyz' }));
  await expect.poll(() => asked).toBe(50);
  const refused = await raw(port, { method: 'GET', path: '/livez' });
  expect([refused.status, refused.text]).toEqual([503, 'Too many requests are open.\n']);
  answer('ready');
  expect(new Set((await Promise.all(waiting)).map(({ status }) => status))).toEqual(new Set([200]));
});

describe('/health', () => {
  it('has each part with its state, reason, advice, age and latency', async () => {
    const answer = await raw(await serve(), { method: 'GET', path: '/health' });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/health+json']);
    const common = { time: '2026-01-01T00:00:00.000Z', ageMs: 10, latencyMs: 1.2 };
    expect(JSON.parse(answer.text)).toEqual({
      status: 'warn',
      state: 'degraded',
      reason: 'unreachable',
      advice: 'Start Redis.',
      mainThreadSilentMs: 0,
      ageMs: 10,
      checks: {
        database: [{ status: 'pass', state: 'healthy', ...common, isCritical: true, details: { idleConnections: 1 } }],
        redis: [
          { status: 'fail', state: 'unhealthy', reason: 'unreachable', advice: 'Start Redis.', ...common, isCritical: false, details: {} },
        ],
        event_loop: [{ status: 'pass', state: 'healthy', ...common, isCritical: false, details: { utilizationPercent: 3 } }],
      },
    });
  });

  it('is 503 when unhealthy, and while it is not known', async () => {
    const { results } = report();
    const broken = results.map((result) => (result.name === 'database' ? { ...result, status: 'unhealthy' as const } : result));
    const port = await serve((subject) => {
      subject.kept = report({ results: broken });
    });
    const answer = await raw(port, { method: 'GET', path: '/health' });
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([503, { status: 'fail', state: 'unhealthy' }]);
    await listening?.close(0);
    const unknown = await raw(await serve(undefined, { health: async () => undefined }), { method: 'GET', path: '/health' });
    expect([unknown.status, unknown.text]).toEqual([503, 'The health is not known yet.\n']);
  });

  it('tells a stall that the main thread cannot tell itself, and when it has hung', async () => {
    let silentMs = 1300;
    const port = await serve(undefined, { silentMs: () => silentMs });
    const stalled = JSON.parse((await raw(port, { method: 'GET', path: '/health' })).text);
    expect(stalled).toMatchObject({ mainThreadSilentMs: 1300, checks: { event_loop: [{ state: 'degraded', reason: 'stalled' }] } });
    expect(stalled.checks.event_loop[0].details).toEqual({ utilizationPercent: 3, silentMs: 1300 });
    expect(stalled.checks).toMatchObject({ event_loop: [{ ageMs: 0, isCritical: false }], database: [{ ageMs: 10 }] });
    silentMs = 10_001;
    const hung = await raw(port, { method: 'GET', path: '/health' });
    expect([hung.status, JSON.parse(hung.text)]).toMatchObject([503, { state: 'unhealthy', reason: 'stalled' }]);
  });

  it('makes kept results older, and stale in the end', async () => {
    const kept = (ageMs: number) => ({ health: async () => ({ report: report(), ageMs }) });
    const young = await raw(await serve(undefined, kept(5000)), { method: 'GET', path: '/health' });
    expect(JSON.parse(young.text)).toMatchObject({ ageMs: 5010, checks: { database: [{ ageMs: 5010, state: 'healthy' }] } });
    await listening?.close(0);
    const old = await raw(await serve(undefined, kept(90_000)), { method: 'GET', path: '/health' });
    expect(JSON.parse(old.text)).toMatchObject({
      checks: { database: [{ state: 'degraded', reason: 'stale' }], redis: [{ reason: 'unreachable' }] },
    });
    await listening?.close(0);
    // The interval has become longer since the port was opened.
    const seldom = { health: async () => ({ report: report({ intervalMs: 600_000 }), ageMs: 90_000 }) };
    const good = await raw(await serve(undefined, seldom), { method: 'GET', path: '/health' });
    expect(JSON.parse(good.text)).toMatchObject({ checks: { database: [{ state: 'healthy', ageMs: 90_010 }] } });
  });
});

describe('/metrics', () => {
  // Figures such as the delay of the event loop are since the last collection: nobody would see those that a HEAD ended.
  it('are not collected for a HEAD, which would throw them away', async () => {
    let collected = 0;
    const port = await serve((subject) => {
      subject.metricsHandler = (_request, response) => {
        collected += 1;
        response.end('m 1\n');
      };
    });
    const head = await raw(port, { method: 'HEAD', path: '/metrics' });
    expect([head.status, head.text, collected]).toEqual([200, '', 0]);
    await raw(port, { method: 'GET', path: '/metrics' });
    expect(collected).toBe(1);
  });

  it('hands over what the handler answers to the formats that are accepted', async () => {
    const accepted: unknown[] = [];
    const port = await serve((subject) => {
      subject.metricsHandler = ({ method, headers }, response) => {
        accepted.push([method, headers.accept, headers['accept-encoding']]);
        response.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8' }).end('off\n');
      };
    });
    const answer = await raw(port, { method: 'GET', path: '/metrics', headers: { accept: 'a/b', 'accept-encoding': 'gzip' } });
    expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([503, 'text/plain; charset=utf-8', 'off\n']);
    expect(accepted).toEqual([['GET', 'a/b', undefined]]);
  });

  it('is compressed for those who take that', async () => {
    const text = 'm 1\n'.repeat(1000);
    const port = await serve((subject) => {
      subject.metricsHandler = (_request, response) => response.end(text);
    });
    const ask = async (encoding: string): Promise<unknown> => {
      const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { 'accept-encoding': encoding } });
      return [response.headers.get('content-encoding'), await response.text()];
    };
    expect(await ask('gzip')).toEqual(['gzip', text]);
    expect(await ask('br, gzip;q=0.5')).toEqual(['gzip', text]);
    expect(await ask('identity')).toEqual([null, text]);
    expect(await ask('gzip;q=0')).toEqual([null, text]);
    expect((await raw(port, { method: 'GET', path: '/metrics' })).headers.vary).toBe('Accept, Accept-Encoding');
  });

  it('says how old a snapshot is, and 503 where there is none', async () => {
    const snapshot = { status: 200, headers: { 'content-type': 'text/plain' }, body: 'm 1\n', ageMs: 2345 };
    const kept = await raw(await serve(undefined, { metrics: async () => snapshot }), { method: 'GET', path: '/metrics' });
    expect(kept.headers).toMatchObject({ age: '2', 'handoff-snapshot-age-ms': '2345' });
    await listening?.close(0);
    const none = await raw(await serve(undefined, { metrics: async () => undefined }), { method: 'GET', path: '/metrics' });
    expect([none.status, none.text]).toEqual([503, 'No metrics have been collected yet.\n']);
  });
});
