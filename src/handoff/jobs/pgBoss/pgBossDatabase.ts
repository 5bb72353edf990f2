import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import type { PoolClient } from 'pg';
import type { ConstructorOptions } from 'pg-boss';
import { isMapping } from '../../../values/guards.js';
import { suppressTracing } from '../../../logging/suppression.js';
import type { Database } from '../../storage/database.js';
import { within } from '../../../time/within.js';

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
  return {
    executeSql: (text, values) => context.with(untraced, async () => ({ rows: await send(await pool.connect(), limitMs, text, values) })),
  };
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
