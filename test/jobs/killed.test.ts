import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JobStatus } from '../../src/handoff/jobs/jobStatus.js';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';
import type { AttemptRow } from './replicaProtocol.js';
import { startReplica } from './startReplica.js';
import type { ReplicaProcess } from './startReplica.js';

/** The heartbeat, the interval of the watch, the retry delay of the test's job and the poll, with as much again for a busy machine. */
const TAKEN_OVER_MS = 90_000;
const HOLD_MS = 600_000;

let fresh: FreshDatabase;
const replicas: ReplicaProcess[] = [];
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.kill9()));
  await fresh.drop();
});

function replica(): ReplicaProcess {
  const started = startReplica();
  replicas.push(started);
  return started;
}

it('another replica takes over the run of one that was killed', async () => {
  const [first, second] = [replica(), replica()];
  await first.tell({ do: 'open', url: fresh.url, holdMs: HOLD_MS });
  await expect.poll(() => first.tell<AttemptRow[]>({ do: 'attempts' }), { timeout: 30_000 }).toHaveLength(1);
  await second.tell({ do: 'open', url: fresh.url });
  expect((await second.tell<JobStatus>({ do: 'status' })).running).toBe(true);
  const killedMs = performance.now();
  await first.kill9();
  await expect
    .poll(async () => (await second.tell<AttemptRow[]>({ do: 'attempts' })).map(({ pid, ended }) => [pid, ended !== null]), {
      timeout: TAKEN_OVER_MS,
      interval: 500,
    })
    .toEqual([
      [first.pid, false],
      [second.pid, true],
    ]);
  process.stderr.write(`taken over ${Math.round(performance.now() - killedMs)} ms after the kill\n`);
  // Begun twice, ended once.
  await expect
    .poll(() => second.tell<JobStatus>({ do: 'status' }))
    .toMatchObject({ running: false, deadLetters: 0, stats: { totalRuns: 2, successfulRuns: 1, failedRuns: 0 } });
  expect(await second.tell({ do: 'warnings' })).toEqual([]);
});
