import type { Pool, PoolClient } from 'pg';
import { errorCode, toError } from '../errors/classify.js';
import { DatabaseInterruptedError, DatabaseUnavailableError, TransactionAbortedError } from '../errors/databaseErrors.js';
import { EmbeddedUnavailableError } from '../errors/embeddedErrors.js';
import type { Clock } from '../time/clock.js';
import { backoffMs } from './backoff.js';
import { connectionAdvice, connectionReason, isBrokenConnection, isTransientConnectFailure } from './connectionFailure.js';
import type { Database, Queryable, Statement } from './database.js';

/** How a pool is used; see `PostgresOptions` for the meaning of each. */
export interface PooledDatabaseSettings {
  readonly kind: Database['kind'];
  readonly preparedStatements: boolean;
  readonly connectRetryMs: number;
  /** Whether `close()` ends the pool. False for a pool that belongs to the host. */
  readonly ownsPool: boolean;
  /** The real reason why no connection could be had, where the pool's own would mislead. */
  readonly explainNoConnection?: (waitedMs: number) => Error | undefined;
}

/** What the database takes from outside. */
export interface DatabaseDeps {
  readonly clock: Clock;
  /** Uniform in [0, 1); only used for jitter. */
  readonly random: () => number;
  /** Told of every idle connection that breaks (the pool has already dropped it). May be called in bursts: limit the rate. */
  readonly onConnectionLost: (error: Error) => void;
}

/** The `Database` over any pg pool. A failed statement keeps its connection; only a broken connection is thrown away. */
export function createPooledDatabase(pool: Pool, settings: PooledDatabaseSettings, deps: DatabaseDeps): Database {
  const closing = new AbortController();
  // Without this listener Node ends the process whenever the server closes an idle connection.
  const onPoolError = (error: Error): void => {
    deps.onConnectionLost(error);
  };
  pool.on('error', onPoolError);

  const send = async <Row extends object>(client: PoolClient, statement: Statement, values: readonly unknown[]): Promise<Row[]> => {
    const named = settings.preparedStatements ? { name: statement.name } : {};
    try {
      const result = await client.query<Row>({ ...named, text: statement.text, values: [...values] });
      return result.rows;
    } catch (error) {
      throw explainBroken(statement.name, error);
    }
  };

  return {
    kind: settings.kind,
    pool,
    query: async <Row extends object>(statement: Statement, values: readonly unknown[] = []) => {
      for (;;) {
        const client = await checkOut(pool, settings, deps, closing.signal);
        try {
          return await holding(client, () => send<Row>(client, statement, values));
        } catch (error) {
          if (settings.kind === 'postgres' || !wasTurnedAway(error)) throw error;
        }
      }
    },
    transaction: async (fn) => {
      const client = await begin(pool, settings, deps, closing.signal);
      return holding(client, (lease) => runTransaction(lease, fn, { query: (statement, values = []) => send(client, statement, values) }));
    },
    close: async () => {
      if (closing.signal.aborted) return;
      closing.abort(new Error('closed'));
      if (settings.ownsPool) await pool.end();
      else pool.off('error', onPoolError);
    },
  };
}

/**
 * The owner of the embedded database answers 57P01 to what it has not begun when it hands over; PostgreSQL may have
 * begun it. The next owner is waited for in `checkOut`, whose bound ends the repetition.
 */
function wasTurnedAway(error: unknown): boolean {
  return error instanceof DatabaseInterruptedError && errorCode(error.cause) === '57P01';
}

/** A checked-out client; `broken` says why it must not be used again. */
interface Lease {
  readonly client: PoolClient;
  broken: Error | undefined;
}

/** Runs `fn` with a checked-out client and gives the client back, marked for removal when its connection is broken. */
async function holding<T>(client: PoolClient, fn: (lease: Lease) => Promise<T>): Promise<T> {
  const lease: Lease = { client, broken: undefined };
  try {
    return await fn(lease);
  } catch (error) {
    if (error instanceof DatabaseInterruptedError) lease.broken = error;
    throw error;
  } finally {
    client.off('error', ignoreWhileCheckedOut);
    client.release(lease.broken);
  }
}

async function runTransaction<T>(lease: Lease, fn: (q: Queryable) => Promise<T>, q: Queryable): Promise<T> {
  let result: T;
  try {
    result = await fn(q);
  } catch (error) {
    await rollBack(lease);
    throw error;
  }
  const commit = await lease.client.query('COMMIT').catch((error: unknown) => {
    throw explainBroken('COMMIT', error);
  });
  // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error: silence here would acknowledge lost work.
  if (commit.command === 'ROLLBACK') throw new TransactionAbortedError();
  return result;
}

/** Never fails: where ROLLBACK cannot be sent, the server rolls back when the connection closes, and `fn`'s error is the one to report. */
async function rollBack(lease: Lease): Promise<void> {
  try {
    await lease.client.query('ROLLBACK');
  } catch (error) {
    lease.broken = toError(error);
  }
}

/** BEGIN changes nothing, so a pooled connection found dead at that moment is replaced instead of failing the caller. */
async function begin(pool: Pool, settings: PooledDatabaseSettings, deps: DatabaseDeps, signal: AbortSignal): Promise<PoolClient> {
  return checkOut(pool, settings, deps, signal, async (client) => {
    await client.query('BEGIN');
  });
}

async function checkOut(
  pool: Pool,
  settings: PooledDatabaseSettings,
  { clock, random }: DatabaseDeps,
  signal: AbortSignal,
  prepare?: (client: PoolClient) => Promise<void>,
): Promise<PoolClient> {
  const startMs = clock.monotonicMs();
  for (let attempt = 1; ; attempt += 1) {
    let client: PoolClient | undefined;
    try {
      client = await pool.connect();
      client.on('error', ignoreWhileCheckedOut);
      await prepare?.(client);
      return client;
    } catch (error) {
      client?.off('error', ignoreWhileCheckedOut);
      client?.release(toError(error));
      const waitedMs = clock.monotonicMs() - startMs;
      const remainingMs = settings.connectRetryMs - waitedMs;
      if (signal.aborted || remainingMs <= 0 || !isTransientConnectFailure(error)) {
        throw unavailable(settings.explainNoConnection?.(waitedMs) ?? error, attempt, waitedMs);
      }
      await clock.sleep(Math.min(backoffMs(attempt, random), remainingMs), { signal }).catch(() => undefined);
    }
  }
}

/** A connection that breaks while in use rejects its statement; the event that comes with it would end the process unheard. */
function ignoreWhileCheckedOut(): void {}

function explainBroken(statement: string, error: unknown): unknown {
  return isBrokenConnection(error) ? new DatabaseInterruptedError(statement, connectionReason(error), error) : error;
}

function unavailable(error: unknown, attempts: number, waitedMs: number): DatabaseUnavailableError {
  const reasonCode = connectionReason(error);
  const tried = attempts === 1 ? '' : ` after ${attempts} attempts in ${Math.round(waitedMs)} ms`;
  return new DatabaseUnavailableError(
    `No database connection (${reasonCode})${tried}. ${error instanceof EmbeddedUnavailableError ? error.message : connectionAdvice(reasonCode)}`,
    { reasonCode, attempts, waitedMs },
    { cause: error },
  );
}
