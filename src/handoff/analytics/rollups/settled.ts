import type { Clock } from '../../../time/clock.js';
import type { Database } from '../../storage/database.js';
import { keepBarrier, readBarrier, stillWriting, takeBarrier } from './sql/watermarks.js';
import type { BarrierRow } from './sql/watermarks.js';

/**
 * Rows have the time at which their transaction began, and are seen when it ends, so that one of five minutes ago may yet appear. A barrier
 * is a time, and the transactions that were open then. Everything of an earlier time that is written after the barrier was taken is noted
 * as late by a trigger, and whoever wrote before that is one of these transactions, or has ended: once all of them have ended, all rows of
 * earlier times are there.
 *
 * Where one stays open for long, the last barrier that was taken is kept until it has ended: rollups lag behind the oldest transaction that
 * writes to this database, and behind nothing else.
 */
interface Barrier {
  readonly timeMs: number;
  readonly writing: readonly string[];
}

const LOOKS = 5;
const PAUSE_MS = 50;

/**
 * Returns the time before which all rows are there or are noted when they come, in milliseconds since the epoch by the database's clock;
 * `undefined` where a transaction of before the last barrier is still open.
 */
export async function settledBeforeMs(database: Database, clock: Clock): Promise<number | undefined> {
  const [row] = await database.query<BarrierRow>(takeBarrier);
  if (row === undefined) return undefined;
  const taken: Barrier = { timeMs: row.time.getTime(), writing: row.writing };
  for (let look = 1; look <= LOOKS; look += 1) {
    if (await hasPassed(database, taken)) return taken.timeMs;
    if (look < LOOKS) await clock.sleep(PAUSE_MS, { unref: true });
  }
  const kept = await readKept(database);
  if (kept !== undefined && !(await hasPassed(database, kept))) return undefined;
  await database.query(keepBarrier, [JSON.stringify(taken)]);
  // It may be from long ago: the last time that a transaction stayed open. A later one than now was kept before the clock was put back.
  return kept === undefined ? undefined : Math.min(kept.timeMs, taken.timeMs);
}

async function hasPassed(database: Database, { writing }: Barrier): Promise<boolean> {
  if (writing.length === 0) return true;
  const [row] = await database.query<Pick<BarrierRow, 'writing'>>(stillWriting, [writing]);
  return row?.writing.length === 0;
}

async function readKept(database: Database): Promise<Barrier | undefined> {
  const [row] = await database.query<{ readonly position: string }>(readBarrier);
  return row === undefined ? undefined : (JSON.parse(row.position) as Barrier);
}
