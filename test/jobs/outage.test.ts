import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JobStatus } from '../../src/handoff/jobs/jobStatus.js';
import { startThrowawayPostgres } from '../setup/throwawayPostgres.js';
import type { ThrowawayServer } from '../setup/throwawayServer.js';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { AttemptRow } from './replicaProtocol.js';
import { startReplica } from './startReplica.js';
import type { ReplicaProcess } from './startReplica.js';

/** Longer than a minute, so that at least one tick of cron comes while there is no database. */
const OUTAGE_MS = 75_000;
/** A tick, and the times at which pg-boss looks for ticks and for work, with as much again for a busy machine. */
const NEXT_TICK_MS = 180_000;

let server: ThrowawayServer;
const replicas: ReplicaProcess[] = [];
beforeAll(async () => {
  server = await startThrowawayPostgres();
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.kill9()));
  await server.stop();
});

async function attempts(replica: ReplicaProcess): Promise<number> {
  return (await replica.tell<AttemptRow[]>({ do: 'attempts' }).catch(() => [])).length;
}

it('cron goes on after minutes without a database', async () => {
  const { url } = await freshDatabase(server.url);
  const replica = startReplica();
  replicas.push(replica);
  await replica.tell({ do: 'open', url });
  await replica.tell({ do: 'configure', change: { intervalMs: 60_000 } });
  await expect.poll(() => attempts(replica), { timeout: NEXT_TICK_MS, interval: 500 }).toBeGreaterThanOrEqual(2);
  await server.kill9();
  await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
  const warnings = await replica.tell<unknown[]>({ do: 'warnings' });
  // One of each kind in a minute, however often it looked.
  expect(warnings.length).toBeGreaterThan(0);
  expect(warnings.length).toBeLessThan(12);
  await server.start();
  await expect
    .poll(
      () =>
        replica.tell({ do: 'status' }).then(
          () => 'up',
          () => 'down',
        ),
      { timeout: 60_000 },
    )
    .toBe('up');
  const before = await attempts(replica);
  await expect.poll(() => attempts(replica), { timeout: NEXT_TICK_MS, interval: 500 }).toBeGreaterThanOrEqual(before + 2);
  const { stats } = await replica.tell<JobStatus>({ do: 'status' });
  expect(stats.failedRuns).toBe(0);
});
