import { fillMaterialisedViews, setViewsAside } from './dependentViews.js';
import type { SqlClient, Warn } from './sqlClient.js';

/**
 * What is done around a migration whose file, being applied somewhere already, can never change again. All are about
 * databases of the earlier server, and can go when none of those is left to be migrated.
 */
export interface Preparation {
  /** In a transaction of its own, before that of the migration. */
  readonly ahead?: (client: SqlClient) => Promise<void>;
  /** In the transaction of the migration, before its file. What it resolves with is run after the file. */
  readonly before?: (client: SqlClient, warn: Warn) => Promise<AfterFile | undefined>;
}

type AfterFile = () => Promise<void>;

const LOG_TABLES = ['session_lifecycle', 'system_metrics', 'performance_logs'] as const;

/** By the name of the migration. */
export const preparations: Readonly<Record<string, Preparation>> = {
  session_columns: { before: sayWhichTriggersGo },
  monitoring_tables: { before: sayHowManyBucketsGo },
  ...Object.fromEntries(
    LOG_TABLES.map((table) => [table, { before: (client: SqlClient, warn: Warn) => replaceLogTable(client, table, warn) }]),
  ),
  partitions: { before: makeWritersWait },
  earlier_performance_logs: { ahead: makePartitionsAhead, before: async (client, warn) => () => fillAll(client, warn) },
};

/** The files exchange the table and bring its rows, columns, grants and plain views along. */
async function replaceLogTable(client: SqlClient, table: string, warn: Warn): Promise<AfterFile> {
  await sayWhatStaysBehind(client, table, warn);
  return setViewsAside(client, table, warn);
}

async function sayWhatStaysBehind(client: SqlClient, table: string, warn: Warn): Promise<void> {
  const { rows } = await client.query<{ what: string }>(
    `SELECT format('The trigger %I on ${table} does not fire for new rows: make it again. It was: %s', tgname, pg_get_triggerdef(oid)) AS what
       FROM pg_trigger WHERE tgrelid = to_regclass($1) AND NOT tgisinternal
     UNION ALL
     SELECT format('The row security policy %I does not hold for the new table ${table}: make it again, and ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY.', polname)
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

/** The same condition as in the file. */
async function sayWhichTriggersGo(client: SqlClient, warn: Warn): Promise<undefined> {
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

async function sayHowManyBucketsGo(client: SqlClient, warn: Warn): Promise<undefined> {
  const { rows: present } = await client.query<{ present: boolean }>("SELECT to_regclass('analytics_aggregations') IS NOT NULL AS present");
  if (present[0]?.present !== true) return;
  // So that what is counted is what the file deletes.
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

/** A writer that waits for a partition, instead of for the table, is refused (23514) when the partition's bounds have changed: see 000017. */
async function makeWritersWait(client: SqlClient): Promise<undefined> {
  await client.query('LOCK TABLE ONLY session_lifecycle, ONLY system_metrics, ONLY performance_logs IN SHARE ROW EXCLUSIVE MODE');
}

/** The file makes the same partitions and then copies rows, for as long as that takes: writers must not wait for the copying. */
async function makePartitionsAhead(client: SqlClient): Promise<void> {
  const { rows } = await client.query<{ present: boolean }>("SELECT to_regclass('performance_logs_earlier') IS NOT NULL AS present");
  if (rows[0]?.present !== true) return;
  await client.query('LOCK TABLE ONLY performance_logs IN SHARE ROW EXCLUSIVE MODE');
  await client.query(
    `SELECT handoff_create_monthly_partitions('performance_logs', GREATEST(min(created_at), now() - interval '5 years'), now())
     FROM performance_logs_earlier`,
  );
}
