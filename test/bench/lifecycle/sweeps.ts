import pg from 'pg';
import { createMemoryCache } from '../../../src/handoff/storage/memoryCache.js';
import { createPostgresDatabase } from '../../../src/handoff/storage/postgres.js';
import type { Database } from '../../../src/handoff/storage/database.js';
import { createHandoffServices } from '../../../src/handoff/services.js';
import { systemClock } from '../../../src/time/clock.js';

const BATCH = 1000;

/** The least that ends sessions once each, with an event, while others do the same: what the sweep is measured against. */
const BARE = `
WITH due AS (
  SELECT id FROM sessions WHERE status = 'active' AND archived_at IS NULL AND expires_at <= now()
  ORDER BY expires_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
), ended AS (
  UPDATE sessions SET status = 'expired' FROM due WHERE sessions.id = due.id RETURNING sessions.id
)
INSERT INTO session_lifecycle (session_id, event_type) SELECT id, 'expired' FROM ended`;

/** Ends up to `sessions` due sessions by several workers at once, until `stopped`. */
export type Engine = (sessions: number, stopped?: AbortSignal) => Promise<Turn>;

export interface Turn {
  readonly ended: number;
  readonly ms: number;
}

/** The bare statement, prepared, on a connection for each worker, which stays open as those of the replicas do. */
export async function bareEngine(url: string, workers: number): Promise<Sweepers> {
  const clients = Array.from({ length: workers }, () => new pg.Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  return {
    sweep: (sessions) =>
      timed(workers, async (worker) => {
        let ended = 0;
        for (let batch = 0; batch < sessions / BATCH / workers; batch += 1)
          ended += (await clients[worker]?.query({ name: 'bare', text: BARE }))?.rowCount ?? 0;
        return ended;
      }),
    close: async () => {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

export interface Sweepers {
  readonly sweep: Engine;
  close(): Promise<void>;
}

/** The services of as many replicas as there are workers, each with its pool; `pauseMs` is the pace of the sweep. */
export async function replicas(url: string, workers: number, pauseMs: number | undefined): Promise<Sweepers> {
  const databases: Database[] = [];
  const sweeps = await Promise.all(
    Array.from({ length: workers }, async () => {
      const machine = { clock: systemClock, random: Math.random };
      const database = await createPostgresDatabase(
        { connectionString: url, poolSize: 2 },
        { ...machine, onConnectionLost: () => undefined },
      );
      databases.push(database);
      const cache = await createMemoryCache({ maxEntries: 1000, maxBytes: 1_048_576 }, machine);
      const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
      return createHandoffServices({ database, cache, log }).lifecycle.sweeps;
    }),
  );
  return {
    sweep: (sessions, signal) =>
      timed(workers, async (worker) => {
        const sweep = sweeps[worker];
        if (sweep === undefined) throw new Error('there is no replica');
        const { changed } = await sweep.expired({ batchSize: BATCH, maxBatches: sessions / BATCH / workers, pauseMs, signal });
        return changed;
      }),
    close: async () => {
      await Promise.all(databases.map((database) => database.close()));
    },
  };
}

async function timed(workers: number, work: (worker: number) => Promise<number>): Promise<Turn> {
  const startMs = performance.now();
  const ended = await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
  return { ended: ended.reduce((sum, count) => sum + count, 0), ms: performance.now() - startMs };
}
