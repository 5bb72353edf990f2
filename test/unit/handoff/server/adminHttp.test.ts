import { afterEach, expect, it } from 'vitest';
import { serveAdminHttp } from '../../../../src/handoff/server/adminHttp.js';
import type { AdminOptions } from '../../../../src/handoff/server/adminHttp.js';
import type { Listening } from '../../../../src/handoff/server/listen.js';
import { raw } from './rawHttp.js';

let listening: Listening | undefined;
afterEach(async () => {
  await listening?.close(0);
});

async function serve(
  metricsHandler: AdminOptions['metricsHandler'] = (_request, response) => response.end('m 1\n'),
  isReady: AdminOptions['isReady'] = () => Promise.resolve('ready'),
): Promise<number> {
  listening = await serveAdminHttp({ host: '127.0.0.1', port: 0, metricsHandler, isReady });
  return listening.port;
}

it.each([
  ['GET', '/livez', 200, 'ok\n'],
  ['GET', '/livez?x=1', 200, 'ok\n'],
  ['HEAD', '/livez', 200, ''],
  ['GET', '/metrics', 200, 'm 1\n'],
  ['GET', '/readyz', 200, 'ready\n'],
  ['GET', '/', 404, 'Not found. See /metrics, /livez and /readyz.\n'],
  ['GET', '/metrics/', 404, 'Not found. See /metrics, /livez and /readyz.\n'],
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
  const port = await serve(() => {
    throw new Error('secret');
  });
  const answer = await raw(port, { method: 'GET', path: '/metrics' });
  expect([answer.status, answer.text]).toEqual([500, 'The metrics could not be written.\n']);
  expect((await raw(port, { method: 'GET', path: '/livez' })).status).toBe(200);
});

it('answers 503 with the reason when calls cannot succeed', async () => {
  const answer = await raw(await serve(undefined, () => Promise.resolve({ reason: 'the database cannot be reached' })), {
    method: 'GET',
    path: '/readyz',
  });
  expect([answer.status, answer.text]).toEqual([503, 'not ready: the database cannot be reached\n']);
});

it('rejects when the port is taken', async () => {
  const port = await serve();
  await expect(
    serveAdminHttp({ host: '127.0.0.1', port, metricsHandler: () => undefined, isReady: () => Promise.resolve('ready') }),
  ).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
