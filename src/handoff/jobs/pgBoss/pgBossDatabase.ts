import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import type { PoolClient } from 'pg';
import type { ConstructorOptions } from 'pg-boss';
import { isMapping } from '../../../values/guards.js';
import { suppressTracing } from '../../../logging/suppression.js';
import { isBrokenConnection, isTransientConnectFailure } from '../../storage/connectionFailure.js';
import type { Database } from '../../storage/database.js';
import { TimedOut, within } from '../../../time/within.js';

/** Where the pool sets no limit for statements. */
const ANSWER_LIMIT_MS = 60_000;
/** The server ends a statement after the limit of the pool. What has no answer so much later is on a connection that leads nowhere. */
const GRACE_MS = 2000;
/** Of the statements in one text so many may wait for something as long as they are allowed to. */
const WAITS = 2;

/**
 * Sends pg-boss's statements through the pool of the server, so that one pool and its limits serve both. They are not traced:
 * nobody asked for its polling, and its spans say what it does.
 *
 * A connection whose statement failed is closed: pg-boss sends transactions as one text, and a failure in the middle leaves
 * the transaction open.
 */
export function pgBossDatabase({ pool }: Pick<Database, 'pool'>): NonNullable<ConstructorOptions['db']> {
  const untraced = suppressTracing(ROOT_CONTEXT);
  const limitMs = answerLimitMs(pool);
  let sent = 0;
  let answered = 0;
  return {
    executeSql: (text, values) =>
      context.with(untraced, async () => {
        const number = (sent += 1);
        try {
          const rows = await send(await pool.connect(), limitMs, text, values);
          answered = Math.max(answered, number);
          return { rows };
        } catch (error) {
          throw answered > number && isOfConnection(error) ? new OutdatedFailure(error) : error;
        }
      }),
  };
}

/** A connection failed, but what was sent later has been answered: it was lost before that, and says nothing of now. */
class OutdatedFailure extends Error {
  override readonly name = 'OutdatedFailure';
  readonly isOutdated = true;

  constructor(cause: unknown) {
    super('a connection was lost before the latest answer', { cause });
  }
}

/** Whether a failure that pg-boss tells of says nothing of now. It tells of copies, with what the error itself had. */
export function isOutdated(failure: unknown): boolean {
  return typeof failure === 'object' && failure !== null && 'isOutdated' in failure && failure.isOutdated === true;
}

/** Not of the statement: the database would have answered. */
function isOfConnection(error: unknown): boolean {
  return error instanceof TimedOut || isBrokenConnection(error) || isTransientConnectFailure(error);
}

/** Not longer than needed: until then the connection is missing in the pool, and the jobs wait. */
function answerLimitMs({ options }: Database['pool']): number {
  const limitMs = options.statement_timeout;
  return typeof limitMs === 'number' && limitMs > 0 ? Math.min(ANSWER_LIMIT_MS, WAITS * limitMs + GRACE_MS) : ANSWER_LIMIT_MS;
}

async function send(client: PoolClient, limitMs: number, text: string, values: unknown[] | undefined): Promise<object[]> {
  let broken = true;
  // The statement rejects with the same error; without a listener the event would end the process.
  client.on('error', ignore);
  try {
    const result: unknown = await within(limitMs, () => client.query(text, values));
    broken = false;
    return rowsOf(result);
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}

/** A text of several statements has several results, of which some have no rows. */
function rowsOf(result: unknown): object[] {
  if (Array.isArray(result)) return result.flatMap(rowsOf);
  return isMapping(result) && Array.isArray(result['rows']) ? (result['rows'] as object[]) : [];
}

function ignore(): void {}
