import type { Pool, PoolClient } from 'pg';
import { toError } from '../../errors/classify.js';
import { DatabaseUnavailableError } from '../../errors/databaseErrors.js';
import { EmbeddedUnavailableError } from '../../errors/embeddedErrors.js';
import type { Clock } from '../../time/clock.js';
import { backoffMs } from './backoff.js';
import { connectionAdvice, connectionReason } from './connectionFailure.js';
import type { Generations } from './generations.js';

/** Where connections are taken from, and for how long attempts are repeated. */
export interface CheckOut {
  readonly pool: Pool;
  readonly generations: Generations;
  readonly connectRetryMs: number;
  /** Returns the actual reason why no connection was available, where the pool's own error would mislead. */
  readonly explainNoConnection?: ((waitedMs: number) => Error | undefined) | undefined;
  /** Whether another attempt may succeed after a failed one. */
  readonly isTransient: (error: unknown) => boolean;
  readonly clock: Clock;
  readonly random: () => number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/**
 * Returns a client of the pool on which `prepare` succeeded; retries, with growing pauses, as long as failures may be transient.
 * `prepare` must have no effects: a pooled connection that it finds dead is replaced instead of failing the caller.
 */
export async function checkOut(from: CheckOut, prepare?: (client: PoolClient) => Promise<void>): Promise<PoolClient> {
  const { pool, generations, clock } = from;
  const startMs = clock.monotonicMs();
  for (let attempt = 1; ; attempt += 1) {
    let client: PoolClient | undefined;
    try {
      client = await pool.connect();
      // The pool holds at most as many of these as its size.
      while (generations.isPast(client)) {
        client.release(true);
        client = undefined;
        client = await pool.connect();
      }
      client.on('error', ignoreWhileCheckedOut);
      if (prepare !== undefined) await prepare(client);
      return client;
    } catch (error) {
      client?.off('error', ignoreWhileCheckedOut);
      client?.release(toError(error));
      if (!from.isTransient(error) || !(await pauseBeforeNext(from, attempt, startMs))) {
        const waitedMs = clock.monotonicMs() - startMs;
        throw unavailable(from.explainNoConnection?.(waitedMs) ?? error, attempt, waitedMs);
      }
    }
  }
}

/** Returns a client to the pool; with `broken` the pool closes it. */
export function giveBack(client: PoolClient, broken: Error | boolean): void {
  client.off('error', ignoreWhileCheckedOut);
  client.release(broken);
}

/** Waits, or returns false when there is no time for another attempt. */
export async function pauseBeforeNext(
  { connectRetryMs, clock, random, signal }: CheckOut,
  attempt: number,
  startMs: number,
): Promise<boolean> {
  const remainingMs = connectRetryMs - (clock.monotonicMs() - startMs);
  if (signal.aborted || remainingMs <= 0) return false;
  await clock.sleep(Math.min(backoffMs(attempt, random), remainingMs), { signal }).catch(() => undefined);
  return true;
}

export function unavailable(error: unknown, attempts: number, waitedMs: number, what = 'No database connection'): DatabaseUnavailableError {
  const reasonCode = connectionReason(error);
  const tried = attempts === 1 ? '' : ` after ${attempts} attempts in ${Math.round(waitedMs)} ms`;
  return new DatabaseUnavailableError(
    `${what} (${reasonCode})${tried}. ${error instanceof EmbeddedUnavailableError ? error.message : connectionAdvice(reasonCode)}`,
    { reasonCode, attempts, waitedMs },
    { cause: error },
  );
}

/** A connection that breaks while in use rejects its statement; without a listener, the accompanying event would end the process. */
function ignoreWhileCheckedOut(): void {}
