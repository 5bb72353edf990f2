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

export interface SeenLocks {
  /** The longest time that each lock was seen held, in ms, longest first. */
  readonly locks: readonly { readonly lock: string; readonly heldMs: number }[];
  /** The longest time between two looks, in ms: what is held for less may have been missed. */
  readonly longestGapMs: number;
}

export interface LockWatch {
  /** The longest time that this lock was seen held so far, in ms; 0 if it was not seen. */
  heldMs(lock: string): number;
  stop(): Promise<SeenLocks>;
}

/** Looks every 10 ms at which locks the program of that name holds against others. */
export function watchLocks(pool: pg.Pool, applicationName: string): LockWatch {
  const state = { stopped: false, lastLookMs: performance.now(), longestGapMs: 0 };
  const since = new Map<string, number>();
  const longest = new Map<string, number>();
  const looking = (async () => {
    const client = await pool.connect();
    while (!state.stopped) {
      const { rows } = await client.query<{ relation: string; mode: string; pid: number }>(HELD, [applicationName]);
      const nowMs = performance.now();
      state.longestGapMs = Math.max(state.longestGapMs, nowMs - state.lastLookMs);
      state.lastLookMs = nowMs;
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
    heldMs: (lock) => longest.get(lock) ?? 0,
    stop: async () => {
      state.stopped = true;
      await looking;
      const locks = [...longest].map(([lock, heldMs]) => ({ lock, heldMs })).sort((left, right) => right.heldMs - left.heldMs);
      return { locks, longestGapMs: state.longestGapMs };
    },
  };
}
