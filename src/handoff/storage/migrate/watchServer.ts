import { DatabaseInterruptedError, DatabaseUnavailableError } from '../../../errors/databaseErrors.js';
import type { Clock } from '../../../time/clock.js';
import { cutOff } from '../clientSocket.js';
import type { Database, Statement } from '../database.js';

const probe: Statement = { name: 'handoff_migration_probe', text: 'SELECT 1' };

/** Timeout for a server that accepts but does not answer; one that refuses, or has no connection left, is alive. */
const SILENCE: ReadonlySet<string> = new Set(['connection_timeout', 'ETIMEDOUT']);
/** A single one may be a moment of load. */
const SILENT_PROBES = 2;

export interface WatchOptions {
  readonly database: Database;
  /** The client that migrates. */
  readonly client: object;
  /** Time between two probes. */
  readonly intervalMs: number;
  readonly clock: Clock;
}

/**
 * Runs `work`, whose statements may take hours on a large table and therefore have no limit of their own, but ends it when
 * the server no longer responds, not even to a probe over another connection. On the embedded database, where a probe
 * would wait until the migration is over, nothing is probed.
 */
export async function watchingServer<T>({ database, client, intervalMs, clock }: WatchOptions, work: () => Promise<T>): Promise<T> {
  if (database.kind === 'embedded') return work();
  const done = new AbortController();
  const watch = async (): Promise<void> => {
    for (let silent = 0; silent < SILENT_PROBES; ) {
      await clock.sleep(intervalMs, { signal: done.signal });
      const failure = await database.query(probe).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (done.signal.aborted) return;
      silent = isSilence(failure) ? silent + 1 : 0;
    }
    cutOff(client, Object.assign(new Error('the server no longer answers on this or any other connection'), { code: 'ETIMEDOUT' }));
  };
  // Rejects only when the work, and with it the pause, is over.
  watch().catch(() => undefined);
  try {
    return await work();
  } finally {
    done.abort(new Error('done'));
  }
}

function isSilence(failure: unknown): boolean {
  const isOurs = failure instanceof DatabaseUnavailableError || failure instanceof DatabaseInterruptedError;
  return isOurs && SILENCE.has(failure.data.reasonCode);
}
