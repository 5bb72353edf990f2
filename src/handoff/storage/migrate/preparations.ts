import { fillMaterialisedViews, setViewsAside } from './dependentViews.js';
import type { SqlClient, Warn } from './sqlClient.js';

/**
 * Work around a migration whose file can never change again because it is already applied somewhere. All of it concerns
 * databases of the earlier server, and can be removed when none of those is left to migrate.
 */
export interface Preparation {
  /** Runs in its own transaction, before that of the migration. */
  readonly ahead?: (client: SqlClient) => Promise<void>;
  /** Runs in the transaction of the migration, before its file. The function it resolves with runs after the file. */
  readonly before?: (client: SqlClient, warn: Warn) => Promise<AfterFile | undefined>;
}

type AfterFile = () => Promise<void>;

const LOG_TABLES = ['session_lifecycle', 'system_metrics', 'performance_logs'] as const;

/** Preparations by migration name. */
export const preparations: Readonly<Record<string, Preparation>> = {
  session_columns: { before: lockTablesInOrder },
  monitoring_tables: { before: warnOfDeletedBuckets },
  ...Object.fromEntries(
    LOG_TABLES.map((table) => [table, { before: (client: SqlClient, warn: Warn) => replaceLogTable(client, table, warn) }]),
  ),
  partitions: { before: blockWriters },
  earlier_performance_logs: { ahead: createPartitionsAhead, before: async (client, warn) => () => fillAll(client, warn) },
};

/** The files replace the table and carry over its rows, columns, grants and plain views. */
async function replaceLogTable(client: SqlClient, table: string, warn: Warn): Promise<AfterFile> {
  await warnOfLostProperties(client, table, warn);
  return setViewsAside(client, table, warn);
}

async function warnOfLostProperties(client: SqlClient, table: string, warn: Warn): Promise<void> {
  const { rows } = await client.query<{ what: string }>(
    `SELECT format('The trigger %I on ${table} does not fire for new rows: recreate it. It was: %s', tgname, pg_get_triggerdef(oid)) AS what
       FROM pg_trigger WHERE tgrelid = to_regclass($1) AND NOT tgisinternal
     UNION ALL
     SELECT format('The row security policy %I does not apply to the new table ${table}: recreate it, and run ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY.', polname)
       FROM pg_policy WHERE polrelid = to_regclass($1)
     UNION ALL
     SELECT format('The new table ${table} is not in the publication %I: run ALTER PUBLICATION %I ADD TABLE ${table}.', p.pubname, p.pubname)
       FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid WHERE r.prrelid = to_regclass($1)
     ORDER BY 1`,
    [table],
  );
  for (const { what } of rows) warn(what);
}

async function fillAll(client: SqlClient, warn: Warn): Promise<void> {
  for (const table of LOG_TABLES) await fillMaterialisedViews(client, table, warn);
}

/**
 * The file locks sessions first. A writer of entries locks context_history first, and then sessions for the foreign key: each would
 * wait for the other, and PostgreSQL would end the deadlock by failing the call of a client as often as the migration.
 */
async function lockTablesInOrder(client: SqlClient, warn: Warn): Promise<undefined> {
  await client.query('LOCK TABLE context_history, sessions IN ACCESS EXCLUSIVE MODE');
  return warnOfDroppedTriggers(client, warn);
}

/** Uses the same condition as the file. */
async function warnOfDroppedTriggers(client: SqlClient, warn: Warn): Promise<undefined> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT t.tgname AS name, pg_get_triggerdef(t.oid) AS definition
     FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE t.tgrelid = to_regclass('sessions') AND NOT t.tgisinternal AND p.prosrc ~* '(last_activity_at|session_lifecycle)' ORDER BY 1`,
  );
  for (const { name, definition } of rows) {
    warn(
      `The trigger ${name} on sessions was dropped, because it restarts the idle clock or writes lifecycle events, which this server does itself. It was: ${definition}`,
    );
  }
}

async function warnOfDeletedBuckets(client: SqlClient, warn: Warn): Promise<undefined> {
  const { rows: present } = await client.query<{ present: boolean }>("SELECT to_regclass('analytics_aggregations') IS NOT NULL AS present");
  if (present[0]?.present !== true) return;
  // Ensures that the count matches what the file deletes.
  await client.query('LOCK TABLE analytics_aggregations IN SHARE ROW EXCLUSIVE MODE');
  const { rows } = await client.query<{ n: number }>(
    'SELECT (count(*) - count(DISTINCT (aggregation_type, time_bucket)))::int AS n FROM analytics_aggregations',
  );
  const n = rows[0]?.n ?? 0;
  if (n > 0)
    warn(
      `${n} row${n === 1 ? '' : 's'} of analytics_aggregations that had a newer one for the same type and time ${n === 1 ? 'was' : 'were'} deleted.`,
    );
}

/** A writer that waits for a partition instead of the table is refused (23514) once the partition's bounds have changed: see 000017. */
async function blockWriters(client: SqlClient): Promise<undefined> {
  await client.query('LOCK TABLE ONLY session_lifecycle, ONLY system_metrics, ONLY performance_logs IN SHARE ROW EXCLUSIVE MODE');
}

/** The file creates the same partitions and then copies rows, which can take long: writers must not wait for the copying. */
async function createPartitionsAhead(client: SqlClient): Promise<void> {
  const { rows } = await client.query<{ present: boolean }>("SELECT to_regclass('performance_logs_earlier') IS NOT NULL AS present");
  if (rows[0]?.present !== true) return;
  await client.query('LOCK TABLE ONLY performance_logs IN SHARE ROW EXCLUSIVE MODE');
  await client.query(
    `SELECT handoff_create_monthly_partitions('performance_logs', GREATEST(min(created_at), now() - interval '5 years'), now())
     FROM performance_logs_earlier`,
  );
}
