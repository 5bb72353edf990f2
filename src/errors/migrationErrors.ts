import { errorMessage } from './classify.js';
import { HandoffError } from './handoffError.js';

/** Version and name of a migration, as in its file name. */
export interface MigrationId {
  readonly version: number;
  readonly name: string;
}

/** PostgreSQL's error message, and the fields that came with it. */
function databaseText(cause: unknown): string {
  const fields = ['detail', 'hint', 'where'].flatMap((field) => {
    const text: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, field) : undefined;
    return typeof text === 'string' && text !== '' ? [`${field.toUpperCase()}: ${text}`] : [];
  });
  return [errorMessage(cause), ...fields].join('; ').replace(/\.$/, '');
}

const label = ({ version, name }: MigrationId): string => `${String(version).padStart(6, '0')}_${name}`;

/** A file that this database already applied now has different content. Nothing was changed. */
export class MigrationChangedError extends HandoffError<{
  readonly migration: MigrationId;
  readonly appliedChecksum: string;
  readonly fileChecksum: string;
}> {
  override readonly code = 'HANDOFF_MIGRATION_CHANGED';

  constructor(migration: MigrationId, appliedChecksum: string, fileChecksum: string) {
    super(
      `Migration ${label(migration)} was applied to this database with different content (checksum ${appliedChecksum.slice(0, 12)}…; the file now has ${fileChecksum.slice(0, 12)}…). ` +
        'Restore the file from the release that applied it, and put the change into a new migration.',
      { migration, appliedChecksum, fileChecksum },
    );
  }
}

/** This database applied migrations whose files are missing from the package. Nothing was changed. */
export class MigrationMissingError extends HandoffError<{ readonly missing: readonly MigrationId[] }> {
  override readonly code = 'HANDOFF_MIGRATION_MISSING';

  constructor(missing: readonly MigrationId[]) {
    super(
      `The migrations folder lacks migrations that this database applied: ${missing.map(label).join(', ')}. Reinstall handoff-otel, or restore the files.`,
      { missing },
    );
  }
}

/** A newer release migrated this database further than this one knows. Nothing was changed. */
export class DatabaseNewerError extends HandoffError<{ readonly newestKnown: number; readonly unknown: readonly MigrationId[] }> {
  override readonly code = 'HANDOFF_DATABASE_NEWER';

  constructor(newestKnown: number, unknown: readonly MigrationId[]) {
    super(
      `A newer release of handoff-otel migrated this database (${unknown.map(label).join(', ')}; this release knows migrations up to ${String(newestKnown).padStart(6, '0')}). ` +
        'Upgrade handoff-otel here to at least that release, or point DATABASE_URL at another database.',
      { newestKnown, unknown },
    );
  }
}

/** This database lacks migrations, and the caller asked not to migrate it. */
export class MigrationPendingError extends HandoffError<{ readonly pending: readonly MigrationId[] }> {
  override readonly code = 'HANDOFF_MIGRATION_PENDING';

  constructor(pending: readonly MigrationId[]) {
    super(
      `The database lacks ${pending.length} migration${pending.length === 1 ? '' : 's'} (first: ${label(pending[0] ?? { version: 0, name: 'none' })}). ` +
        'Run `handoff-otel migrate`, or set HANDOFF_MIGRATE_ON_START=true.',
      { pending },
    );
  }
}

/** The database cannot store every text that an agent may send. Nothing was changed. */
export class DatabaseEncodingError extends HandoffError<{ readonly encoding: string }> {
  override readonly code = 'HANDOFF_DATABASE_ENCODING';

  constructor(encoding: string) {
    super(
      `The database has the encoding ${encoding}, which cannot store emoji and most scripts; UTF8 is needed. ` +
        "Create another one with CREATE DATABASE handoff ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0, load a pg_dump of this one into it, and point DATABASE_URL at it.",
      { encoding },
    );
  }
}

/** The role of DATABASE_URL lacks a privilege that migrating needs. */
export class MigrationDeniedError extends HandoffError<{ readonly role: string; readonly schema: string | null }> {
  override readonly code = 'HANDOFF_MIGRATION_DENIED';

  /** @param present whether the tables are there: then another role made them, and may not be missing the right to create any */
  constructor(
    { role, schema, present }: { readonly role: string; readonly schema: string | null; readonly present: boolean },
    cause: unknown,
  ) {
    const remedy = present
      ? `They belong to another role: as that role, run GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema ?? 'public'} TO ${role}`
      : schema === null
        ? `Its search_path has no schema that exists and may be used: as the owner of the database, run CREATE SCHEMA ${role} AUTHORIZATION ${role}`
        : `PostgreSQL 15 and newer allow only the owner to create tables in the schema public: as the owner of the database, run GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${role}`;
    super(
      `The role ${role} is not allowed to read or create the migration tables (${errorMessage(cause)}). ${remedy}; or set DATABASE_URL to a role that is allowed to.`,
      { role, schema },
      { cause },
    );
  }
}

/** The server refused a migration. Those before it stay applied; running again continues with it. */
export class MigrationFailedError extends HandoffError<{
  readonly migration: MigrationId;
  readonly sqlState: string;
  readonly line: number | undefined;
}> {
  override readonly code = 'HANDOFF_MIGRATION_FAILED';

  constructor(migration: MigrationId, sqlState: string, line: number | undefined, inTransaction: boolean, cause: unknown) {
    const where = line === undefined ? '' : ` at line ${line}`;
    const kept = inTransaction ? 'It was rolled back' : 'It runs outside a transaction and is safe to repeat';
    const remedy =
      sqlState === '42501'
        ? 'migrate as the owner of these tables, or make the role of DATABASE_URL a member of the owning role'
        : 'correct what PostgreSQL reports and migrate again';
    super(
      `Migration ${label(migration)} failed${where} (SQLSTATE ${sqlState}): ${databaseText(cause)}. ${kept}; ${remedy}.`,
      { migration, sqlState, line },
      { cause },
    );
  }
}

/** Another process held the migration lock, or a table that a migration needs, for too long. */
export class MigrationBlockedError extends HandoffError<{ readonly waitingFor: string; readonly waitedMs: number }> {
  override readonly code = 'HANDOFF_MIGRATION_BLOCKED';

  constructor(waitingFor: string, waitedMs: number, cause?: unknown) {
    super(
      `Gave up waiting for ${waitingFor} after ${Math.round(waitedMs)} ms. Look for long transactions in pg_stat_activity and, if connections go through a pooler, for the holder of an advisory lock in pg_locks; end them or wait, and migrate again.`,
      { waitingFor, waitedMs },
      { cause },
    );
  }
}

/** The migrations folder itself cannot be used: it is unreadable, or its file names do not define an order. */
export class MigrationFolderError extends HandoffError<{ readonly folder: string }> {
  override readonly code = 'HANDOFF_MIGRATION_FOLDER';

  constructor(folder: string, problem: string, cause?: unknown) {
    super(
      `The migrations folder ${folder} cannot be used: ${problem}. Reinstall handoff-otel, or name the files 000001_what_it_does.sql.`,
      { folder },
      { cause },
    );
  }
}
