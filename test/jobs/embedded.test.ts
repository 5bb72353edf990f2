import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JobResult, JobStatus } from '../../src/handoff/jobs/jobStatus.js';
import type { AttemptRow } from './replicaProtocol.js';
import { startReplica } from './startReplica.js';
import type { ReplicaProcess } from './startReplica.js';

/** As in killed.test.ts, and the time in which another process becomes the owner. */
const TAKEN_OVER_MS = 110_000;
const HOLD_MS = 600_000;

let dataDir: string;
const replicas: ReplicaProcess[] = [];
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'handoff-jobs-'));
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.kill9()));
  await rm(dataDir, { recursive: true, force: true });
});

async function replica(): Promise<readonly [ReplicaProcess, role: string]> {
  const started = startReplica();
  replicas.push(started);
  return [started, await started.tell<string>({ do: 'open', dataDir })];
}

it('of four processes only the owner of the folder runs jobs, and the next owner goes on when it is killed', async () => {
  const [owner, role] = await replica();
  const others = await Promise.all([replica(), replica(), replica()]);
  expect([role, ...others.map(([, its]) => its)]).toEqual(['owner', 'joined', 'joined', 'joined']);
  const joined = others.map(([process]) => process);
  const [asker] = joined;
  if (asker === undefined) throw new Error('no process has joined');
  /** Of each attempt whether it has ended. */
  const ended = async (): Promise<boolean[]> =>
    (await asker.tell<AttemptRow[]>({ do: 'attempts' })).map((attempt) => attempt.ended !== null);
  await expect.poll(ended, { timeout: 30_000 }).toEqual([true]);
  // One that has joined asks, and the owner runs it.
  expect(await asker.tell<JobResult>({ do: 'run' })).toMatchObject({ success: true, result: { pid: owner.pid } });
  await owner.tell({ do: 'hold', holdMs: HOLD_MS });
  asker.tell<JobResult>({ do: 'run' }).catch(() => undefined);
  await expect.poll(async () => (await asker.tell<JobStatus>({ do: 'status' })).running, { timeout: 30_000 }).toBe(true);
  // It counts as running a moment before it does anything; killed in that moment it would leave no attempt behind.
  await expect.poll(ended, { timeout: 30_000 }).toEqual([true, true, false]);
  await owner.kill9();
  await expect.poll(ended, { timeout: TAKEN_OVER_MS, interval: 500 }).toEqual([true, true, false, true]);
  const attempts = await asker.tell<AttemptRow[]>({ do: 'attempts' });
  expect(attempts.slice(0, 3).map(({ pid }) => pid)).toEqual([owner.pid, owner.pid, owner.pid]);
  const next = attempts[3]?.pid;
  expect(joined.map(({ pid }) => pid)).toContain(next);
  // Whichever asks, it is the new owner that runs it.
  for (const process of joined)
    expect(await process.tell<JobResult>({ do: 'run' })).toMatchObject({ success: true, result: { pid: next } });
});
