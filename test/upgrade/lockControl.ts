import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import type { LockWatch } from './lockWatch.js';

/** The watch must have seen the lock for this long; a slow machine may take longer until it has, and then the lock is held longer. */
const SEEN_MS = 100;
const DEADLINE_MS = 30_000;

export interface LockControl {
  /** How long the watch says that the lock was held, in ms. */
  readonly seenMs: number;
  /** How long it was really held, in ms. */
  readonly heldMs: number;
}

/**
 * Holds a lock as the watched program does, until the watch has noticed. The locks of a migration can be so short that the watch
 * never sees one, so that seeing none says nothing; this shows that it sees those that last.
 * @param table a name that nothing else in the database has, and no other control of the same watch
 */
export async function holdLockUntilSeen(pool: pg.Pool, table: string, watch: LockWatch): Promise<LockControl> {
  const lock = `AccessExclusiveLock on ${table}`;
  const client = await pool.connect();
  try {
    await client.query(`CREATE TABLE ${table} ()`);
    const startMs = performance.now();
    await client.query('BEGIN');
    await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    while (watch.heldMs(lock) < SEEN_MS && performance.now() - startMs < DEADLINE_MS) await wait(10);
    await client.query('COMMIT');
    const heldMs = performance.now() - startMs;
    // What the watch says after the lock is gone must still be within the time that it was held.
    await wait(SEEN_MS);
    const seenMs = watch.heldMs(lock);
    await client.query(`DROP TABLE ${table}`);
    return { seenMs, heldMs };
  } finally {
    client.release();
  }
}
