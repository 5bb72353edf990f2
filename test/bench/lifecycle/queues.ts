import { Queue, Worker as BullWorker } from 'bullmq';
import { Logger, makeWorkerUtils, run as runGraphile } from 'graphile-worker';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import type { Turn } from './sweeps.js';

/** What a handler does for its one session: the bare statement for one id. */
const END_ONE = `
WITH ended AS (UPDATE sessions SET status = 'expired' WHERE id = $1 AND status = 'active' AND expires_at <= now() RETURNING id)
INSERT INTO session_lifecycle (session_id, event_type) SELECT id, 'expired' FROM ended`;

/** Work in progress at a time: as many connections as PostgreSQL's two cores keep busy, and some. */
const CONCURRENCY = 20;
const FETCH = 500;

const silent = new Logger(() => () => undefined);

export interface QueueTurn extends Turn {
  readonly enqueueMs: number;
}

interface Job {
  readonly id: string;
}

function workPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: CONCURRENCY });
  // The database is dropped as soon as the turn is over, perhaps before the last connection is gone.
  pool.on('error', () => undefined);
  return pool;
}

/** Resolves when `total` sessions are ended. */
function counter(
  pool: pg.Pool,
  total: number,
): { readonly end: (id: string) => Promise<void>; readonly done: Promise<void>; ended(): number } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let handled = 0;
  let ended = 0;
  return {
    end: async (id) => {
      const { rowCount } = await pool.query({ name: 'end_one', text: END_ONE, values: [id] });
      ended += rowCount ?? 0;
      handled += 1;
      if (handled === total) resolve();
    },
    done: promise,
    ended: () => ended,
  };
}

async function dueIds(pool: pg.Pool, jobs: number): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(
    "SELECT id FROM sessions WHERE status = 'active' AND archived_at IS NULL AND expires_at <= now() ORDER BY expires_at LIMIT $1",
    [jobs],
  );
  return rows.map(({ id }) => id);
}

export async function pgBossTurn(url: string, jobs: number): Promise<QueueTurn> {
  const pool = workPool(url);
  const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false });
  boss.on('error', () => undefined);
  await boss.start();
  await boss.createQueue('expire');
  const ids = await dueIds(pool, jobs);
  const enqueueStartMs = performance.now();
  for (let from = 0; from < ids.length; from += 5000)
    await boss.insert(
      'expire',
      ids.slice(from, from + 5000).map((id) => ({ data: { id } })),
    );
  const startMs = performance.now();
  const { end, done, ended } = counter(pool, ids.length);
  for (let worker = 0; worker < 2; worker += 1) {
    await boss.work<Job>('expire', { batchSize: FETCH, pollingIntervalSeconds: 0.5 }, async (batch) => {
      await inParallel(
        batch.map(({ data }) => data.id),
        end,
      );
    });
  }
  await done;
  const ms = performance.now() - startMs;
  // Each turn begins with an empty queue.
  await boss.deleteQueue('expire');
  await boss.stop({ graceful: false });
  await pool.end();
  return { ended: ended(), ms, enqueueMs: startMs - enqueueStartMs };
}

export async function graphileTurn(url: string, jobs: number): Promise<QueueTurn> {
  const pool = workPool(url);
  const utils = await makeWorkerUtils({ connectionString: url, logger: silent });
  await utils.migrate();
  const ids = await dueIds(pool, jobs);
  const enqueueStartMs = performance.now();
  for (let from = 0; from < ids.length; from += 5000)
    await utils.addJobs(ids.slice(from, from + 5000).map((id) => ({ identifier: 'expire', payload: { id } })));
  const startMs = performance.now();
  const { end, done, ended } = counter(pool, ids.length);
  const runner = await runGraphile({
    connectionString: url,
    concurrency: CONCURRENCY,
    preset: { worker: { localQueue: { size: FETCH }, maxPoolSize: CONCURRENCY } },
    noHandleSignals: true,
    // It writes a line for each job otherwise, which the others do not.
    logger: silent,
    taskList: { expire: (payload) => end((payload as Job).id) },
  });
  await done;
  const ms = performance.now() - startMs;
  await runner.stop();
  await utils.release();
  await pool.end();
  return { ended: ended(), ms, enqueueMs: startMs - enqueueStartMs };
}

export async function bullTurn(url: string, redisUrl: string, jobs: number): Promise<QueueTurn> {
  const pool = workPool(url);
  const { hostname, port, password } = new URL(redisUrl);
  const connection = { host: hostname, port: Number(port), password: decodeURIComponent(password), maxRetriesPerRequest: null };
  const queue = new Queue<Job>('expire', { connection });
  const ids = await dueIds(pool, jobs);
  const enqueueStartMs = performance.now();
  for (let from = 0; from < ids.length; from += 5000)
    await queue.addBulk(ids.slice(from, from + 5000).map((id) => ({ name: 'expire', data: { id } })));
  const startMs = performance.now();
  const { end, done, ended } = counter(pool, ids.length);
  const worker = new BullWorker<Job>('expire', ({ data }) => end(data.id), {
    connection,
    concurrency: 100,
    removeOnComplete: { count: 0 },
  });
  await done;
  const ms = performance.now() - startMs;
  await worker.close(true);
  await queue.obliterate({ force: true });
  await queue.close();
  await pool.end();
  return { ended: ended(), ms, enqueueMs: startMs - enqueueStartMs };
}

/** Handles a batch with as many at a time as there are connections. */
async function inParallel(ids: readonly string[], handle: (id: string) => Promise<void>): Promise<void> {
  const rest = ids[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: CONCURRENCY / 2 }, async () => {
      for (const id of rest) await handle(id);
    }),
  );
}
