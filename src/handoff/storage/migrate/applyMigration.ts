import type { PoolClient } from 'pg';
import { errorCode } from '../../../errors/classify.js';
import { DatabaseInterruptedError } from '../../../errors/databaseErrors.js';
import { MigrationFailedError } from '../../../errors/migrationErrors.js';
import { connectionReason, isBrokenConnection } from '../connectionFailure.js';
import { CREATE_IN_OUR_SCHEMA } from '../ourSchema.js';
import type { Migration } from './migrationFiles.js';
import { preparations } from './preparations.js';
import type { Warn } from './sqlClient.js';

/** SQLSTATEs that mean that another session was in the way and a retry may succeed. */
const clashCodes: ReadonlySet<string> = new Set([
  '55P03', // lock_not_available: lock_timeout ran out
  '40P01', // deadlock_detected
  '40001', // serialization_failure
]);

export const isHistoryThere = "SELECT to_regclass('handoff_migrations') IS NOT NULL AS present";
export const createHistoryTable = `CREATE TABLE IF NOT EXISTS handoff_migrations (
  version integer PRIMARY KEY,
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)`;

const createNotesTable = `CREATE TABLE IF NOT EXISTS handoff_migration_notes (
  version integer NOT NULL,
  name text NOT NULL,
  note text NOT NULL,
  noted_at timestamptz NOT NULL DEFAULT now()
)`;

/** Files raise warnings about what they cannot keep; a role may be configured not to receive them. */
const hearWarnings =
  "SELECT set_config('client_min_messages', 'warning', true) WHERE current_setting('client_min_messages') IN ('error', 'fatal', 'panic')";

const isApplied = 'SELECT 1 FROM handoff_migrations WHERE version = $1';
const record = 'INSERT INTO handoff_migrations (version, name, checksum) VALUES ($1, $2, $3) ON CONFLICT (version) DO NOTHING';

/**
 * The longest that a migration may wait for a lock, in ms. Two sessions that wait for each other are a deadlock, and PostgreSQL ends
 * the one that first has waited for `deadlock_timeout`: with more than half of it, that could well be a client's call instead of
 * the attempt, which is repeated.
 */
export async function longestLockWaitMs(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ ms: number }>(
    "SELECT GREATEST(setting::integer / 2, 1) AS ms FROM pg_settings WHERE name = 'deadlock_timeout'",
  );
  return rows[0]?.ms ?? 500;
}

/** True when a failed attempt should be retried. */
export function isClash(error: unknown): boolean {
  return clashCodes.has(errorCode(error) ?? '');
}

/**
 * Applies one migration in its own transaction. Resolves with false when another runner did it first.
 *
 * The lock on the history table makes runners take turns even where advisory locks do not (the embedded database grants
 * them to everybody). The short lock_timeout keeps a waiting ALTER TABLE from blocking all later users of that table.
 *
 * @param warnings contains the server's warnings, which the caller collects, once the file has run; ours are added.
 * All are also kept in a table: definitions of dropped views and triggers must not be lost with a log.
 */
export async function applyInTransaction(
  client: PoolClient,
  migration: Migration,
  lockTimeoutMs: number,
  warnings: string[],
): Promise<boolean> {
  const warn: Warn = (warning) => void warnings.push(warning);
  try {
    await runAhead(client, migration, lockTimeoutMs);
    await client.query(
      `BEGIN; SET LOCAL lock_timeout = ${lockTimeoutMs}; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; ` +
        `${CREATE_IN_OUR_SCHEMA}; ${hearWarnings}; LOCK TABLE handoff_migrations IN EXCLUSIVE MODE`,
    );
    const { rowCount } = await client.query(isApplied, [migration.version]);
    if (rowCount !== 0) {
      await client.query('ROLLBACK');
      return false;
    }
    const afterwards = await preparations[migration.name]?.before?.(client, warn);
    await client.query(migration.text);
    await afterwards?.();
    await keepNotes(client, migration, warnings);
    await client.query(record, [migration.version, migration.name, migration.checksum]);
    await client.query('COMMIT');
    return true;
  } catch (error) {
    // A lost connection has already rolled back; the first error is the one that matters.
    await client.query('ROLLBACK').catch(() => undefined);
    throw explain(migration, error);
  }
}

async function keepNotes(client: PoolClient, { version, name }: Migration, warnings: readonly string[]): Promise<void> {
  if (warnings.length === 0) return;
  await client.query(createNotesTable);
  await client.query('INSERT INTO handoff_migration_notes (version, name, note) SELECT $1, $2, note FROM unnest($3::text[]) AS note', [
    version,
    name,
    warnings,
  ]);
}

/** Safe to repeat, like the migration itself: another runner may do the same first. */
async function runAhead(client: PoolClient, { name }: Migration, lockTimeoutMs: number): Promise<void> {
  const ahead = preparations[name]?.ahead;
  if (ahead === undefined) return;
  await client.query(
    `BEGIN; SET LOCAL lock_timeout = ${lockTimeoutMs}; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; ` +
      CREATE_IN_OUR_SCHEMA,
  );
  await ahead(client);
  await client.query('COMMIT');
}

/**
 * Applies one migration that must not run in a transaction. Resolves with false when another runner did it first.
 *
 * Two runners on the embedded database may both get here; such files are safe to repeat.
 */
export async function applyOutsideTransaction(
  client: PoolClient,
  migration: Migration,
  isolatedSessions: boolean,
  waitMs: number,
): Promise<boolean> {
  try {
    const { rowCount } = await client.query(isApplied, [migration.version]);
    if (rowCount !== 0) return false;
    // A concurrent index build blocks nobody while it waits for old transactions, so it may wait for a long time.
    if (isolatedSessions) await client.query(`SET lock_timeout = ${waitMs}; SET statement_timeout = 0`);
    await dropUnfinishedIndex(client, migration.text);
    await client.query(migration.text);
    // Not after a failure: the whole connection is then closed, or the next attempt sets them again.
    if (isolatedSessions) await client.query('RESET lock_timeout; RESET statement_timeout');
    await client.query(record, [migration.version, migration.name, migration.checksum]);
    return true;
  } catch (error) {
    throw explain(migration, error);
  }
}

/** An interrupted concurrent build leaves an invalid index behind, which IF NOT EXISTS would mistake for the finished one. */
async function dropUnfinishedIndex(client: PoolClient, text: string): Promise<void> {
  const [, index] = /CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS (\w+)/.exec(text) ?? [];
  if (index === undefined) return;
  const { rowCount } = await client.query('SELECT 1 FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid', [index]);
  if (rowCount !== 0) await client.query(`DROP INDEX CONCURRENTLY IF EXISTS ${index}`);
}

function explain(migration: Migration, error: unknown): unknown {
  if (isClash(error)) return error;
  if (isBrokenConnection(error)) return new DatabaseInterruptedError(`migration ${migration.name}`, connectionReason(error), error);
  const position = typeof error === 'object' && error !== null && 'position' in error ? Number(error.position) : Number.NaN;
  const line = Number.isInteger(position) ? migration.text.slice(0, position).split('\n').length : undefined;
  const { version, name, inTransaction } = migration;
  return new MigrationFailedError({ version, name }, errorCode(error) ?? 'unknown', line, inTransaction, error);
}
