import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';

const INTERVAL_MS = 10;

/** Locks on tables that keep others from reading or writing rows, and how long their holder's statement has had them at most. */
const HELD = `
SELECT l.relation::regclass::text AS relation, l.mode, a.pid
FROM pg_locks l JOIN pg_stat_activity a USING (pid) JOIN pg_class c ON c.oid = l.relation
WHERE l.granted AND l.locktype = 'relation' AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
  -- Those who migrate take turns by it; no client knows it.
  AND c.relname <> 'handoff_migrations'
  AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') AND a.application_name = $1`;

export interface LockWatch {
  /** Resolves with the longest time that each lock was seen held, in ms, longest first. */
  stop(): Promise<readonly { readonly lock: string; readonly heldMs: number }[]>;
}

/** Looks every 10 ms at which locks the program of that name holds against others. */
export function watchLocks(pool: pg.Pool, applicationName: string): LockWatch {
  let stopped = false;
  const since = new Map<string, number>();
  const longest = new Map<string, number>();
  const looking = (async () => {
    const client = await pool.connect();
    while (!stopped) {
      const { rows } = await client.query<{ relation: string; mode: string; pid: number }>(HELD, [applicationName]);
      const nowMs = performance.now();
      const held = new Set(rows.map(({ relation, mode }) => `${mode} on ${relation}`));
      for (const lock of since.keys()) if (!held.has(lock)) since.delete(lock);
      for (const lock of held) {
        const startMs = since.get(lock) ?? nowMs;
        since.set(lock, startMs);
        longest.set(lock, Math.max(longest.get(lock) ?? 0, nowMs - startMs));
      }
      await wait(INTERVAL_MS);
    }
    client.release();
  })();
  return {
    stop: async () => {
      stopped = true;
      await looking;
      return [...longest].map(([lock, heldMs]) => ({ lock, heldMs })).sort((left, right) => right.heldMs - left.heldMs);
    },
  };
}
