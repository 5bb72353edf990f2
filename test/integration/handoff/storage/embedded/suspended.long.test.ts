import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { EmbeddedDatabase } from '../../../../../src/handoff/storage/embedded/openEmbeddedDatabase.js';
import { recordedOwner } from '../../../../../src/handoff/storage/embedded/ownerRecord.js';
import { createScratch } from './scratch.js';

// An owner that was suspended, as by Ctrl-Z: its connections stay open, and it takes what is sent and answers nothing.

const scratch = createScratch();
const waitMs = 2500;
let dataDir: string;
let ownerPid: number;

beforeAll(async () => {
  dataDir = await scratch.folder();
  expect(await scratch.process().tell({ do: 'open', dataDir })).toBe('owner');
  ownerPid = recordedOwner(join(dataDir, 'embedded'))?.pid ?? 0;
}, 180_000);
afterAll(async () => {
  if (ownerPid > 0) process.kill(ownerPid, 'SIGCONT');
  await scratch.cleanUp();
});

/** Every thread of a process must have stopped: `kill` returns before, and a thread on another core may still answer a query. */
const isStopped = (pid: number): boolean =>
  readdirSync(`/proc/${pid}/task`).every((task) => /\) T/.test(readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8')));
async function suspend(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await vi.waitFor(() => expect(isStopped(pid)).toBe(true), { timeout: 20_000, interval: 5 });
}
const text = (sql: string): { name: string; text: string } => ({ name: 'test', text: sql });
const remedy = (): unknown => ({
  code: 'HANDOFF_EMBEDDED_UNAVAILABLE',
  data: { ownerPid, dataDir },
  message: expect.stringMatching(
    new RegExp(`Process ${ownerPid} .*is suspended.*kill -CONT ${ownerPid}.*kill -KILL ${ownerPid}`, 's'),
  ) as string,
});
const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'no failure',
    (error: unknown) => error,
  );
const one = (database: EmbeddedDatabase): Promise<unknown> => database.query(text('SELECT 1 AS one'));

it('calls to a suspended owner fail within their bound, name its process and the remedy, and work again when it goes on', async () => {
  const guest = await scratch.open(dataDir, { waitMs, poolSize: 2 });
  await one(guest);
  await suspend(ownerPid);
  const startMs = performance.now();
  // On the connection that is open, on a new one, and in the queue for the two.
  const [sent, unsent, queued] = await Promise.all([failure(one(guest)), failure(one(guest)), failure(one(guest))]);
  expect(performance.now() - startMs).toBeLessThan(20_000);
  expect(sent).toMatchObject({ code: 'HANDOFF_DATABASE_INTERRUPTED', cause: remedy() });
  for (const each of [unsent, queued]) {
    expect(each).toMatchObject({
      code: 'HANDOFF_DATABASE_UNAVAILABLE',
      data: { reasonCode: 'HANDOFF_EMBEDDED_UNAVAILABLE' },
      cause: remedy(),
    });
    expect((each as Error).message).not.toMatch(/DATABASE_URL|pool size/);
    expect((each as Error).message).toContain(`kill -CONT ${ownerPid}`);
  }
  // A process that starts now joins, and its first call says the same.
  expect(await failure(one(await scratch.open(dataDir, { waitMs })))).toMatchObject({
    code: 'HANDOFF_DATABASE_UNAVAILABLE',
    cause: remedy(),
  });

  process.kill(ownerPid, 'SIGCONT');
  await vi.waitFor(async () => expect(await one(guest)).toEqual([{ one: 1 }]), { timeout: 25_000 });
  expect(guest.role()).toBe('joined');
}, 90_000);

it('another process takes over when the suspended one is ended as it was told', async () => {
  const guest = await scratch.open(dataDir, { waitMs: 30_000 });
  await suspend(ownerPid);
  const waiting = one(guest);
  process.kill(ownerPid, 'SIGKILL');
  ownerPid = 0;
  expect(await waiting).toEqual([{ one: 1 }]);
}, 90_000);
