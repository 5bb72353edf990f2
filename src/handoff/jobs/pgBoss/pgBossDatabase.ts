import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import type { PoolClient } from 'pg';
import type { ConstructorOptions } from 'pg-boss';
import { isMapping } from '../../../values/guards.js';
import { suppressTracing } from '../../../logging/suppression.js';
import type { Database } from '../../storage/database.js';
import { within } from '../../../time/within.js';

/** The server's own limit, which the pool sets, ends a statement first; this one is for a server that does not answer. */
const ANSWER_LIMIT_MS = 60_000;

/**
 * Sends pg-boss's statements through the pool of the server, so that one pool and its limits serve both. They are not traced:
 * nobody asked for its polling, and its spans say what it does.
 *
 * A connection whose statement failed is closed: pg-boss sends transactions as one text, and a failure in the middle leaves
 * the transaction open.
 */
export function pgBossDatabase({ pool }: Pick<Database, 'pool'>): NonNullable<ConstructorOptions['db']> {
  const untraced = suppressTracing(ROOT_CONTEXT);
  return {
    executeSql: (text, values) => context.with(untraced, async () => ({ rows: await send(await pool.connect(), text, values) })),
  };
}

async function send(client: PoolClient, text: string, values: unknown[] | undefined): Promise<object[]> {
  let broken = true;
  // The statement rejects with the same error; without a listener the event would end the process.
  client.on('error', ignore);
  try {
    const result: unknown = await within(ANSWER_LIMIT_MS, () => client.query(text, values));
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
