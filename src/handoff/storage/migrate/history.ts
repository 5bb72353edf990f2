import { DatabaseNewerError, MigrationChangedError, MigrationMissingError } from '../../../errors/migrationErrors.js';
import type { Queryable, Statement } from '../database.js';
import type { Migration } from './migrationFiles.js';

/** A row of `handoff_migrations`. */
export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

const findTable: Statement = {
  name: 'handoff_migrations_present',
  text: "SELECT to_regclass('handoff_migrations') IS NOT NULL AS present, current_setting('server_encoding') AS encoding",
};
const listApplied: Statement = {
  name: 'handoff_migrations_applied',
  text: 'SELECT version, name, checksum FROM handoff_migrations ORDER BY version',
};

/** Reads which migrations the database has applied. Uses two short statements, so that none fails on a new database. */
export async function readHistory(q: Queryable): Promise<readonly AppliedMigration[]> {
  return (await readState(q)).applied;
}

/** Reads the same, and the encoding of the database, as PostgreSQL names it. */
export async function readState(q: Queryable): Promise<{ readonly applied: readonly AppliedMigration[]; readonly encoding: string }> {
  const [table] = await q.query<{ present: boolean; encoding: string }>(findTable);
  return { applied: table?.present === true ? await q.query<AppliedMigration>(listApplied) : [], encoding: table?.encoding ?? '' };
}

/**
 * Returns the migrations still to apply, in order.
 *
 * Throws `DatabaseNewerError`, `MigrationMissingError` or `MigrationChangedError` when the history does not match the files:
 * continuing would build on an untested schema.
 */
export function pendingMigrations(files: readonly Migration[], applied: readonly AppliedMigration[]): readonly Migration[] {
  const newestKnown = files.at(-1)?.version ?? 0;
  const newer = applied.filter(({ version }) => version > newestKnown);
  if (newer.length > 0) throw new DatabaseNewerError(newestKnown, newer.map(idOf));

  const fileByVersion = new Map(files.map((file) => [file.version, file]));
  const missing = applied.filter(({ version }) => !fileByVersion.has(version));
  if (missing.length > 0) throw new MigrationMissingError(missing.map(idOf));

  for (const row of applied) {
    const file = fileByVersion.get(row.version);
    if (file !== undefined && file.checksum !== row.checksum) throw new MigrationChangedError(idOf(row), row.checksum, file.checksum);
  }
  const done = new Set(applied.map(({ version }) => version));
  return files.filter(({ version }) => !done.has(version));
}

function idOf({ version, name }: AppliedMigration): { version: number; name: string } {
  return { version, name };
}
