import { afterEach, expect, it } from 'vitest';
import { startAdmin } from '../../../../../src/handoff/cli/serve/admin.js';
import type { Admin } from '../../../../../src/handoff/cli/serve/admin.js';
import { resolveConfig } from '../../../../../src/handoff/config/resolve.js';
import { AdminAddressError } from '../../../../../src/handoff/server/admin/adminWorker.js';
import type { AdminWorker, AdminWorkerOptions, serveAdminThread } from '../../../../../src/handoff/server/admin/adminWorker.js';
import type { BackEnd } from '../../../../../src/handoff/cli/serve/backEnd.js';
import type { Instrumentation } from '../../../../../src/instrumentation/handle.js';
import { FakeSubject } from '../../server/admin/fakeSubject.js';

const records: Record<string, unknown>[] = [];
let admin: Admin | undefined;
afterEach(async () => {
  await admin?.close(0);
  records.length = 0;
});

async function start(serveThread: typeof serveAdminThread): Promise<Admin | undefined> {
  const subject = new FakeSubject();
  const level = (fields: object): unknown => records.push(fields as Record<string, unknown>);
  admin = await startAdmin({
    settings: resolveConfig({ HOME: '/home/nobody', HANDOFF_ADMIN_PORT: '0' }).settings,
    port: 0,
    telemetry: { metricsHandler: subject.metricsHandler } as Instrumentation,
    backEnd: { isWritable: async () => true, monitoring: subject.health } as BackEnd,
    log: { info: level, warn: level, error: level },
    serveThread,
  });
  return admin;
}

const events = (): unknown[] => records.map((record) => [record['event.name'], record['error.type']]);
const statusOf = async (path: string): Promise<number> => (await fetch(`${admin?.url}${path}`)).status;

it('is served by the main thread where there can be no other, and says so', async () => {
  await start(() => Promise.reject(Object.assign(new Error('no threads'), { code: 'ERR_WORKER_INIT_FAILED' })));
  expect(events()).toEqual([['handoff.admin.in_thread', 'ERR_WORKER_INIT_FAILED']]);
  expect(await Promise.all(['/livez', '/readyz', '/metrics', '/health'].map(statusOf))).toEqual([200, 200, 200, 200]);
  admin?.stopping();
  expect(await statusOf('/readyz')).toBe(503);
});

it('is not there when the port is taken, and says so', async () => {
  expect(await start(() => Promise.reject(new AdminAddressError('EADDRINUSE', 'taken')))).toBeUndefined();
  expect(events()).toEqual([['handoff.admin.unavailable', 'EADDRINUSE']]);
});

it('is taken over when its thread ends, on the same port', async () => {
  let given: AdminWorkerOptions | undefined;
  const said: string[] = [];
  const worker: AdminWorker = {
    url: 'http://127.0.0.1:1',
    port: 0,
    stopping: () => said.push('stopping'),
    close: async () => void said.push('close'),
  };
  await start(async (options) => {
    given = options;
    return worker;
  });
  expect([events(), admin?.url, given?.livenessTimeoutMs]).toEqual([[], worker.url, 10_000]);
  admin?.stopping();
  await expect.poll(() => said).toEqual(['stopping']);
  given?.onLost();
  expect(events()).toEqual([['handoff.admin.in_thread', undefined]]);
  await admin?.close(0);
  given?.onLost();
  expect([events().length, said]).toEqual([1, ['stopping']]);
});
