import type { Pool, PoolClient, QueryResult } from 'pg';
import { errorCode, toError } from '../../errors/classify.js';
import { DatabaseInterruptedError, DatabaseUnavailableError, TransactionAbortedError } from '../../errors/databaseErrors.js';
import type { Clock } from '../../time/clock.js';
import { answerLimit, type AwaitAnswer } from './answerLimit.js';
import { checkOut, giveBack, pauseBeforeNext, unavailable, type CheckOut } from './checkOut.js';
import {
  connectionReason,
  isBrokenConnection,
  isServerExhausted,
  isTransientConnectFailure,
  isTransientOfSeveral,
  isUnfitConnection,
} from './connectionFailure.js';
import type { Database, Queryable, Statement } from './database.js';
import { Generations } from './generations.js';

/** How a pool is used; see `PostgresOptions` for the meaning of each. */
export interface PooledDatabaseSettings {
  readonly kind: Database['kind'];
  readonly preparedStatements: boolean;
  readonly connectRetryMs: number;
  /** Absent means no limit. */
  readonly answerTimeoutMs?: number | undefined;
  /** Whether `close()` ends the pool. False for a pool that belongs to the host. */
  readonly ownsPool: boolean;
  /** Returns the actual reason why no connection was available, where the pool's own error would mislead. */
  readonly explainNoConnection?: (waitedMs: number) => Error | undefined;
  /** Whether the next attempt to connect goes to another server, so that one without an address does not end them. */
  readonly hasSeveralHosts?: boolean;
}

/** External dependencies of the database. */
export interface DatabaseDeps {
  readonly clock: Clock;
  /** Uniform in [0, 1); only used for jitter. */
  readonly random: () => number;
  /** Called for every idle connection that breaks (the pool has already dropped it). May be called in bursts: limit the rate. */
  readonly onConnectionLost: (error: Error) => void;
}

/** Serializable isolation refuses a statement that conflicts with concurrent work; the next attempt sees that work. */
const SERIALIZATION_FAILURE = '40001';
const MAX_SERIALIZATION_TRIES = 5;
/**
 * Whatever the default of the server, the database or the role: each statement of a transaction sees what was committed before it, and
 * nobody has to repeat a transaction because of what others did meanwhile.
 */
const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED';
const REFUSED = 'The database cannot execute statements at the moment';

/** The `Database` over any pg pool. A connection survives a failed statement; a broken or unusable one is discarded. */
export function createPooledDatabase(pool: Pool, settings: PooledDatabaseSettings, deps: DatabaseDeps): Database {
  const closing = new AbortController();
  const generations = new Generations(deps.clock);
  const from: CheckOut = {
    pool,
    generations,
    connectRetryMs: settings.connectRetryMs,
    explainNoConnection: settings.explainNoConnection,
    isTransient: settings.hasSeveralHosts === true ? isTransientOfSeveral : isTransientConnectFailure,
    clock: deps.clock,
    random: deps.random,
    signal: closing.signal,
  };
  const sender = new Sender(settings, generations);
  // Without this listener Node ends the process whenever the server closes an idle connection.
  const onPoolError = (error: Error): void => {
    deps.onConnectionLost(error);
  };
  const onConnect = (client: PoolClient): void => {
    generations.note(client);
    listenDuringHandOver(client, generations);
  };
  pool.on('error', onPoolError);
  pool.on('connect', onConnect);

  return {
    kind: settings.kind,
    pool,
    query: async <Row extends object>(statement: Statement, values: readonly unknown[] = []) => {
      const startMs = deps.clock.monotonicMs();
      for (let attempt = 1; ; attempt += 1) {
        const client = await checkOut(from);
        try {
          return await holding(client, generations, (lease) => sender.send<Row>(lease, statement, values));
        } catch (error) {
          await allowRetry(error, from, settings.kind, attempt, startMs);
        }
      }
    },
    transaction: async (fn) => {
      const client = await checkOut(from, (candidate) => sender.begin(candidate));
      return holding(client, generations, (lease) => sender.transaction(lease, fn));
    },
    close: async () => {
      if (closing.signal.aborted) return;
      closing.abort(new Error('closed'));
      // In a pool of our own, connections that are being made still need both.
      if (settings.ownsPool) return pool.end();
      pool.off('connect', onConnect);
      pool.off('error', onPoolError);
      return undefined;
    },
  };
}

/**
 * The pool hands a new client over while pg still reads what the server sent last, and stops listening to it; whoever waits for the client
 * listens a moment later. A server that ends the connection in that same packet would end this process in between. Nothing has been sent
 * on such a client yet, so `checkOut` replaces it.
 */
function listenDuringHandOver(client: PoolClient, generations: Generations): void {
  const onError = (): void => generations.end(client);
  client.on('error', onError);
  setImmediate(() => client.off('error', onError));
}

/** Resolves when a statement that certainly had no effect should be retried; otherwise throws the error for the caller. */
async function allowRetry(error: unknown, from: CheckOut, kind: Database['kind'], attempt: number, startMs: number): Promise<void> {
  if (kind === 'embedded' && wasRefused(error)) return;
  if (errorCode(error) === SERIALIZATION_FAILURE && attempt < MAX_SERIALIZATION_TRIES && (await pauseBeforeNext(from, attempt, startMs)))
    return;
  if (!(error instanceof DatabaseUnavailableError) || !isUnfitConnection(error.cause)) throw error;
  if (!(await pauseBeforeNext(from, attempt, startMs)))
    throw unavailable(error.cause, attempt, from.clock.monotonicMs() - startMs, REFUSED);
}

/**
 * The owner of the embedded database answers 57P01 to what it has not begun when it hands over; PostgreSQL may have
 * begun it. `checkOut` waits for the next owner, and its time limit ends the retries.
 */
function wasRefused(error: unknown): boolean {
  return error instanceof DatabaseInterruptedError && errorCode(error.cause) === '57P01';
}

/** A checked-out client; `broken` is the reason why it must not be reused. */
interface Lease {
  readonly client: PoolClient;
  broken: Error | undefined;
}

/** Runs `fn` with a checked-out client and returns it to the pool, marked for removal when it must not be reused. */
async function holding<T>(client: PoolClient, generations: Generations, fn: (lease: Lease) => Promise<T>): Promise<T> {
  const lease: Lease = { client, broken: undefined };
  try {
    return await fn(lease);
  } finally {
    giveBack(client, lease.broken ?? generations.isPast(client));
  }
}

/** Sends statements on leased clients and derives the state of the connection from their failures. */
class Sender {
  private readonly awaitAnswer: AwaitAnswer;
  private readonly preparedStatements: boolean;
  private readonly generations: Generations;

  constructor(settings: PooledDatabaseSettings, generations: Generations) {
    this.awaitAnswer = answerLimit(settings.answerTimeoutMs);
    this.preparedStatements = settings.preparedStatements;
    this.generations = generations;
  }

  async send<Row extends object>(lease: Lease, { name, text }: Statement, values: readonly unknown[]): Promise<Row[]> {
    const query = this.preparedStatements ? { name, text, values: [...values] } : { text, values: [...values] };
    const answered = this.awaitAnswer(lease.client);
    try {
      return (await lease.client.query<Row>(query)).rows;
    } catch (error) {
      throw this.explain(lease, name, error);
    } finally {
      answered();
    }
  }

  /** BEGIN has no effects: see `checkOut`. */
  async begin(client: PoolClient): Promise<void> {
    await this.command(client, BEGIN);
  }

  async transaction<T>(lease: Lease, fn: (q: Queryable) => Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await fn({ query: (statement, values = []) => this.send(lease, statement, values) });
    } catch (error) {
      await this.rollBack(lease);
      throw error;
    }
    const commit = await this.commit(lease);
    // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error: ignoring that would acknowledge lost work.
    if (commit.command === 'ROLLBACK') throw new TransactionAbortedError();
    return result;
  }

  private async command(client: PoolClient, text: typeof BEGIN | 'COMMIT' | 'ROLLBACK'): Promise<QueryResult> {
    const answered = this.awaitAnswer(client);
    try {
      return await client.query(text);
    } finally {
      answered();
    }
  }

  private async commit(lease: Lease): Promise<QueryResult> {
    try {
      return await this.command(lease.client, 'COMMIT');
    } catch (error) {
      throw this.explain(lease, 'COMMIT', error);
    }
  }

  /** Never fails: if ROLLBACK cannot be sent, the server rolls back when the connection closes; the error to report is that of `fn`. */
  private async rollBack(lease: Lease): Promise<void> {
    try {
      await this.command(lease.client, 'ROLLBACK');
    } catch (error) {
      lease.broken = toError(error);
    }
  }

  private explain(lease: Lease, statement: string, error: unknown): unknown {
    if (isBrokenConnection(error)) {
      const interrupted = new DatabaseInterruptedError(statement, connectionReason(error), error);
      lease.broken = interrupted;
      return interrupted;
    }
    if (isUnfitConnection(error)) {
      // Not those opened since: they get their own chance.
      if (!this.generations.isPast(lease.client)) this.generations.begin();
      lease.broken = toError(error);
      return unavailable(error, 1, 0, REFUSED);
    }
    return isServerExhausted(error) ? unavailable(error, 1, 0, REFUSED) : error;
  }
}
