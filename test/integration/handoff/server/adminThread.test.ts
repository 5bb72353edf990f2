import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { AdminAddressError, serveAdminThread } from '../../../../src/handoff/server/admin/adminWorker.js';
import type { AdminWorker, AdminWorkerOptions } from '../../../../src/handoff/server/admin/adminWorker.js';
import { FakeSubject } from '../../../unit/handoff/server/admin/fakeSubject.js';

// A thread that answers while the main thread does not: with real stalls, in a process of its own.

const STALL_MS = 1300;
const folder = mkdtempSync(join(tmpdir(), 'handoff-admin-thread-'));
const fileUrl = (path: string): string => pathToFileURL(join(process.cwd(), path)).href;

const PROGRAM = `
  import { serveAdminThread } from '${fileUrl('src/handoff/server/admin/adminWorker.ts')}';
  import { FakeSubject } from '${fileUrl('test/unit/handoff/server/admin/fakeSubject.ts')}';
  const subject = new FakeSubject();
  const worker = await serveAdminThread({
    host: '127.0.0.1', port: 0, livenessTimeoutMs: 3000, healthIntervalMs: 30000, subject, onLost: () => {},
  });
  for (const listener of subject.listeners) listener(subject.kept);
  process.on('message', (stallMs) => {
    const untilMs = performance.now() + stallMs;
    while (performance.now() < untilMs);
    process.send('over');
  });
  process.send(worker.url);
  setInterval(() => {}, 1000);
`;

let child: ChildProcess;
let url: string;
beforeAll(async () => {
  const file = join(folder, 'program.mjs');
  writeFileSync(file, PROGRAM);
  child = spawn(process.execPath, ['--no-warnings', '--import', './tools/resolveSource.mjs', file], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  [url] = (await once(child, 'message')) as [string];
});
afterAll(() => {
  child.kill();
  rmSync(folder, { recursive: true });
});

async function ask(path: string): Promise<{ status: number; headers: Headers; text: string; tookMs: number }> {
  const startMs = performance.now();
  const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(20_000) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, tookMs: performance.now() - startMs };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

it('answers while the main thread is stalled for 1.3 s, and tells so', async () => {
  expect((await ask('/metrics')).headers.has('age')).toBe(false);
  const over = once(child, 'message');
  child.send(STALL_MS);
  await sleep(650);
  const [live, health, metrics] = await Promise.all([ask('/livez'), ask('/health'), ask('/metrics')]);
  for (const { tookMs } of [live, health, metrics]) expect(tookMs).toBeLessThan(500);
  expect([live.status, health.status, metrics.status, metrics.text]).toEqual([200, 200, 200, 'm 1\n']);
  expect(Number(metrics.headers.get('handoff-snapshot-age-ms'))).toBeGreaterThan(400);
  expect(JSON.parse(health.text).mainThreadSilentMs).toBeGreaterThan(200);
  // Whether calls can succeed is not known before the main thread can be asked.
  const ready = await ask('/readyz');
  expect([ready.status, ready.text]).toEqual([200, 'ready\n']);
  await over;
  await expect.poll(async () => JSON.parse((await ask('/health')).text).mainThreadSilentMs as number).toBe(0);
  expect((await ask('/metrics')).headers.has('age')).toBe(false);
});

it('calls the process dead when the main thread is silent for longer than the limit, and alive when it is back', async () => {
  const over = once(child, 'message');
  child.send(6000);
  await expect.poll(async () => (await ask('/livez')).status, { interval: 100 }).toBe(503);
  expect((await ask('/livez')).text).toMatch(/^not alive: the main thread has not answered for \d{4} ms\n$/u);
  const health = await ask('/health');
  expect([health.status, JSON.parse(health.text)]).toMatchObject([503, { state: 'unhealthy', reason: 'stalled' }]);
  const ready = await ask('/readyz');
  expect([ready.status, ready.text]).toEqual([503, 'not ready: the main thread is too busy to answer\n']);
  await over;
  await expect.poll(async () => (await ask('/livez')).status).toBe(200);
});

let worker: AdminWorker | undefined;
afterEach(async () => {
  await worker?.close(0);
  worker = undefined;
});

function options(overrides: Partial<AdminWorkerOptions> = {}): AdminWorkerOptions {
  return {
    host: '127.0.0.1',
    port: 0,
    livenessTimeoutMs: 10_000,
    healthIntervalMs: 30_000,
    subject: new FakeSubject(),
    onLost: () => expect.fail('the thread was lost'),
    ...overrides,
  };
}

it('rejects with the code of the socket when the port is taken', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const error = await serveAdminThread(options({ port })).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AdminAddressError);
  expect(error).toMatchObject({ code: 'EADDRINUSE' });
  other.close();
});

// What a scrape tells is since the last collection, so one that nobody asked for would take its figures away.
it('collects metrics once by itself, and then only when it is asked', async () => {
  const subject = new FakeSubject();
  let collected = 0;
  subject.metricsHandler = (_request, response) => {
    collected += 1;
    response.setHeader('Content-Type', 'text/plain; version=0.0.4');
    response.end(`m ${collected}\n`);
  };
  worker = await serveAdminThread(options({ subject }));
  await sleep(300);
  expect(collected).toBe(1);
  expect(await (await fetch(`${worker.url}/metrics`)).text()).toBe('m 2\n');
});

it('rejects when there can be no such thread', async () => {
  const entry = { url: pathToFileURL(join(folder, 'missing.js')), execArgv: [] };
  const error = await serveAdminThread(options({ entry })).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(AdminAddressError);
});

it('tells when the thread ends by itself, and not when it is closed', async () => {
  const file = join(folder, 'dying.mjs');
  writeFileSync(
    file,
    "import { parentPort } from 'node:worker_threads'; parentPort.postMessage({ type: 'listening', url: 'u', port: 1 }); setTimeout(() => { throw new Error('x'); }, 200);",
  );
  const lost = Promise.withResolvers<void>();
  await serveAdminThread(options({ entry: { url: pathToFileURL(file), execArgv: [] }, onLost: () => lost.resolve() }));
  await lost.promise;
  worker = await serveAdminThread(options());
  expect((await fetch(`${worker.url}/livez`)).status).toBe(200);
  worker.stopping();
  await expect.poll(async () => (await fetch(`${worker?.url}/readyz`)).text()).toBe('not ready: the server is stopping\n');
  await worker.close(100);
  await expect(fetch(`${worker.url}/livez`)).rejects.toThrow('fetch failed');
});
