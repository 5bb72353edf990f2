import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import type { Fleet } from './fleet.js';
import { runJob } from './operator.js';
import type { OperatorCounts } from './operator.js';
import type { SeededRandom } from './random.js';

/** Nobody writes any more, so every session must come to the end of its life by itself. */
const DEADLINE_MS = 120_000;

const OPEN = `
SELECT (SELECT count(*)::int FROM sessions WHERE status = 'active') AS live,
  (SELECT count(*)::int FROM sessions WHERE status <> 'active' AND archived_at IS NULL) AS ended,
  (SELECT count(*)::int FROM archive_leftovers) AS leftovers`;

/** What a killed replica was writing, or one to which the store failed, is left alone for a quarter of an hour. */
const AGE = "UPDATE archive_leftovers SET noted_at = noted_at - interval '1 day', given_up_at = given_up_at - interval '1 day'";
/** A run that began while the store still failed notes sessions after they were made older: so they are made older again. */
const AGE_EVERY_MS = 10_000;

interface OpenRow {
  readonly live: number;
  readonly ended: number;
  readonly leftovers: number;
}

/** Lets the jobs finish what was left. Resolves with what they did not finish. */
export async function settle(database: pg.Pool, fleet: Fleet, random: SeededRandom, counts: OperatorCounts): Promise<readonly string[]> {
  const deadline = performance.now() + DEADLINE_MS;
  let agedAtMs = -Infinity;
  for (;;) {
    if (performance.now() - agedAtMs >= AGE_EVERY_MS) {
      await database.query(AGE);
      agedAtMs = performance.now();
    }
    await runJob(fleet, random, 'session-cleanup', counts);
    const { rows } = await database.query<OpenRow>(OPEN);
    const [open] = rows;
    if (open !== undefined && open.live + open.ended + open.leftovers === 0) return [];
    if (performance.now() > deadline) return [`The jobs left this undone: ${JSON.stringify(open)}`];
    await wait(500);
  }
}
