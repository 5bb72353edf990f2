import { firstColumn, queryMessage } from './backendMessages.js';
import type { Turns } from './turns.js';

/** Interval of the check for due work, in milliseconds. */
const intervalMs = 5000;

/** Size of the write-ahead log that triggers a checkpoint, in bytes. Bounds disk use and the next owner's recovery (about 1 s). */
const checkpointBytes = 64 * 1024 * 1024;

const logSinceCheckpoint = 'SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn) AS bytes FROM pg_control_checkpoint()';

/** The rules of autovacuum with its default settings, the table most in need first. */
const neediestTable = `SELECT format('%I.%I', schemaname, relname) AS name FROM pg_stat_user_tables
  WHERE n_dead_tup > 50 + 0.2 * n_live_tup OR n_mod_since_analyze > 50 + 0.1 * n_live_tup OR n_ins_since_vacuum > 1000 + 0.2 * n_live_tup
  ORDER BY n_dead_tup + n_mod_since_analyze DESC LIMIT 1`;

/**
 * Does what PostgreSQL does in background processes, which PGlite does not have: otherwise the write-ahead log is never
 * truncated (16 files after 250 MB of inserts), dead rows are never reused and the planner never learns the size of tables.
 * Runs one step per interval, started only while nobody waits, so that a caller is delayed by one table at most.
 *
 * @param first done before everything else, in the first step
 * @returns a function that stops it: nothing is queued after it returns
 */
export function keepHouse(turns: Turns, everyMs: number = intervalMs, first?: FirstStep): () => void {
  let stopped = false;
  let toDo = first;
  let working = false;
  let settledAt = 0;
  const ask: Ask = (sql) => (stopped ? Promise.resolve(undefined) : firstValue(turns, sql));
  const timer = setInterval(() => {
    if (working || !turns.isIdle || (turns.unitsRun === settledAt && toDo === undefined)) return;
    working = true;
    const step =
      toDo === undefined
        ? oneStep(ask)
        : ask(toDo.sql)
            .then(toDo.done)
            .then(() => true);
    toDo = undefined;
    void step.then((didSomething) => {
      working = false;
      // Nothing left to do: sleep until there is new work.
      if (!didSomething) settledAt = turns.unitsRun;
    });
  }, everyMs);
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

/** SQL to run when nobody waits. `done` is called once it has run or was refused, since it would be refused again. */
export interface FirstStep {
  readonly sql: string;
  readonly done: () => void;
}

/** Runs a statement and resolves with the first column of its first row; undefined without rows, or when it failed. */
type Ask = (sql: string) => Promise<string | undefined>;

async function oneStep(ask: Ask): Promise<boolean> {
  const logBytes = Number((await ask(logSinceCheckpoint)) ?? 0);
  const table = logBytes > checkpointBytes ? undefined : await ask(neediestTable);
  if (logBytes > checkpointBytes) await ask('CHECKPOINT');
  else if (table !== undefined) await ask(`VACUUM (ANALYZE) ${table}`);
  else return false;
  return true;
}

function firstValue(turns: Turns, sql: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const reply = (bytes: Buffer): void => {
      resolve(firstColumn(bytes));
    };
    turns.add({ reply, expelled: () => undefined }, { bytes: queryMessage(sql), complete: true });
  });
}
