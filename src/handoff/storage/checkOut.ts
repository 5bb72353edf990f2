import type { Pool, PoolClient } from 'pg';
import { toError } from '../../errors/classify.js';
import { DatabaseUnavailableError } from '../../errors/databaseErrors.js';
import { EmbeddedUnavailableError } from '../../errors/embeddedErrors.js';
import type { Clock } from '../../time/clock.js';
import { backoffMs } from './backoff.js';
import { connectionAdvice, connectionReason, isTransientConnectFailure } from './connectionFailure.js';
import type { Generations } from './generations.js';

/** From where and how long connections are asked for. */
export interface CheckOut {
  readonly pool: Pool;
  readonly generations: Generations;
  readonly connectRetryMs: number;
  /** The real reason why no connection could be had, where the pool's own would mislead. */
  readonly explainNoConnection?: ((waitedMs: number) => Error | undefined) | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/**
 * A client of the pool on which `prepare` succeeded; asked for again, with growing pauses, for as long as failures may pass.
 * `prepare` must change nothing: a pooled connection found dead in it is replaced instead of failing the caller.
 */
export async function checkOut(from: CheckOut, prepare?: (client: PoolClient) => Promise<void>): Promise<PoolClient> {
  const { pool, generations, clock } = from;
  const startMs = clock.monotonicMs();
  for (let attempt = 1; ; attempt += 1) {
    let client: PoolClient | undefined;
    try {
      client = await pool.connect();
      // The pool holds no more of these than its size.
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
      if (!isTransientConnectFailure(error) || !(await pauseBeforeNext(from, attempt, startMs))) {
        const waitedMs = clock.monotonicMs() - startMs;
        throw unavailable(from.explainNoConnection?.(waitedMs) ?? error, attempt, waitedMs);
      }
    }
  }
}

/** Gives a client back; with `broken` the pool closes it. */
export function giveBack(client: PoolClient, broken: Error | boolean): void {
  client.off('error', ignoreWhileCheckedOut);
  client.release(broken);
}

/** Waits, and answers false instead when there is no time for another attempt. */
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

/** A connection that breaks while in use rejects its statement; the event that comes with it would end the process unheard. */
function ignoreWhileCheckedOut(): void {}
