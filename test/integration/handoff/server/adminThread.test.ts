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
import { runProcess } from '../../instrumentation/instrumentedProcess.js';

// A thread that answers while the main thread does not: with real stalls, in a process of its own.

const folder = mkdtempSync(join(tmpdir(), 'handoff-admin-thread-'));
const fileUrl = (path: string): string => pathToFileURL(join(process.cwd(), path)).href;

const PROGRAM = `
  import { existsSync } from 'node:fs';
  import { serveAdminThread } from '${fileUrl('src/handoff/server/admin/adminWorker.ts')}';
  import { FakeSubject } from '${fileUrl('test/unit/handoff/server/admin/fakeSubject.ts')}';
  const subject = new FakeSubject();
  const worker = await serveAdminThread({
    host: '127.0.0.1', port: 0, livenessTimeoutMs: 5000, healthIntervalMs: 30000, subject, onLost: () => {},
  });
  for (const listener of subject.listeners) listener(subject.kept);
  process.on('message', (release) => {
    while (!existsSync(release));
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

async function ask(path: string): Promise<{ status: number; headers: Headers; text: string }> {
  const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(20_000) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let stalls = 0;
/** Stalls the main thread until the result is called, which resolves when it is over. */
function stall(): () => Promise<unknown> {
  const release = join(folder, `release ${(stalls += 1)}`);
  const over = once(child, 'message');
  child.send(release);
  return () => {
    writeFileSync(release, '');
    return over;
  };
}

const silentMs = async (): Promise<number> => JSON.parse((await ask('/health')).text).mainThreadSilentMs as number;

it('answers while the main thread is stalled, and tells so', async () => {
  expect((await ask('/metrics')).headers.has('age')).toBe(false);
  const end = stall();
  await expect.poll(silentMs).toBeGreaterThan(500);
  const [live, health, metrics] = await Promise.all([ask('/livez'), ask('/health'), ask('/metrics')]);
  expect([live.status, health.status, metrics.status, metrics.text]).toEqual([200, 200, 200, 'm 1\n']);
  expect(Number(metrics.headers.get('handoff-snapshot-age-ms'))).toBeGreaterThan(400);
  expect(JSON.parse(health.text).mainThreadSilentMs).toBeGreaterThan(500);
  // Whether calls can succeed is not known before the main thread can be asked.
  const ready = ask('/readyz');
  await sleep(100);
  await end();
  expect([(await ready).status, (await ready).text]).toEqual([200, 'ready\n']);
  await expect.poll(silentMs).toBe(0);
  expect((await ask('/metrics')).headers.has('age')).toBe(false);
});

it('calls the process dead when the main thread is silent for longer than the limit, and alive when it is back', async () => {
  const end = stall();
  await expect.poll(async () => (await ask('/livez')).status, { interval: 100 }).toBe(503);
  expect((await ask('/livez')).text).toMatch(/^not alive: the main thread has not answered for \d{4,5} ms\n$/u);
  const health = await ask('/health');
  expect([health.status, JSON.parse(health.text)]).toMatchObject([503, { state: 'unhealthy', reason: 'stalled' }]);
  const ready = await ask('/readyz');
  expect([ready.status, ready.text]).toEqual([503, 'not ready: the main thread is too busy to answer\n']);
  await end();
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

/** A thread that does this in place of serving the admin port. */
function doing(code: string): { readonly url: URL; readonly execArgv: readonly string[] } {
  const file = join(folder, 'thread.mjs');
  writeFileSync(file, `import { parentPort } from 'node:worker_threads'; ${code}`);
  return { url: pathToFileURL(file), execArgv: [] };
}

const LISTENING = "parentPort.postMessage({ type: 'listening', url: 'u', port: 1 });";

it('gives the thread nothing of the environment, which would have it instrumented once more', async () => {
  const entry = doing("parentPort.postMessage({ type: 'not_listening', code: Object.keys(process.env).join(), message: 'm' });");
  await expect(serveAdminThread(options({ entry }))).rejects.toMatchObject({ code: '', message: 'm' });
});

it('rejects at once when the thread ends before it listens', async () => {
  await expect(serveAdminThread(options({ entry: doing('process.exit(0)') }))).rejects.toThrow('ended before it listened');
});

it('ends a thread that does not close, and tells it nothing more', async () => {
  const subject = new FakeSubject();
  const stuck = await serveAdminThread(options({ subject, entry: doing(`${LISTENING} setInterval(() => {}, 1000);`) }));
  expect(subject.listeners.size).toBe(1);
  await stuck.close(0);
  await expect.poll(() => subject.listeners.size).toBe(0);
});

it('keeps no process alive, whether it could listen or not', async () => {
  const code = `
    import { serveAdminThread } from '${fileUrl('src/handoff/server/admin/adminWorker.ts')}';
    import { FakeSubject } from '${fileUrl('test/unit/handoff/server/admin/fakeSubject.ts')}';
    const address = { host: '127.0.0.1', port: 0, livenessTimeoutMs: 3000, healthIntervalMs: 30000 };
    const options = { ...address, subject: new FakeSubject(), onLost: () => {} };
    const missing = { url: new URL('file:///missing.js'), execArgv: [] };
    await serveAdminThread({ ...options, entry: missing }).catch(() => undefined);
    await serveAdminThread(options);
    const refd = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout');
    process.stdout.write(JSON.stringify(refd));`;
  const { stdout, code: exitCode } = await runProcess({ code });
  expect([exitCode, stdout]).toEqual([0, '[]']);
});

it('tells when the thread ends by itself, and not when it is closed', async () => {
  const lost = Promise.withResolvers<void>();
  const entry = doing(`${LISTENING} setTimeout(() => { throw new Error('x'); }, 200);`);
  await serveAdminThread(options({ entry, onLost: () => lost.resolve() }));
  await lost.promise;
  worker = await serveAdminThread(options());
  expect((await fetch(`${worker.url}/livez`)).status).toBe(200);
  worker.stopping();
  await expect.poll(async () => (await fetch(`${worker?.url}/readyz`)).text()).toBe('not ready: the server is stopping\n');
  await worker.close(100);
  await expect(fetch(`${worker.url}/livez`)).rejects.toThrow('fetch failed');
});
