import { isWritable } from '../../../storage/isWritable.js';
import { migrationStateReader } from '../../../storage/migrate/migrationState.js';
import type { Check } from '../examination/check.js';
import { failure, fine, warning } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';
import { onDatabase } from './onDatabase.js';

export const writableCheck: Check = onDatabase({
  name: 'database.writable',
  looksWhether: 'the database accepts writes: it is the primary, and not set to read-only',
  look: async (database) => [
    (await isWritable(database))
      ? fine('The database accepts writes.')
      : failure(
          'The database only reads: it is a standby, or default_transaction_read_only is on.',
          'Let DATABASE_URL lead to the primary, name all servers in it (a:5432,b:5432), or find out who made it read-only and why.',
        ),
  ],
});

export const migrationsCheck: Check = onDatabase({
  name: 'database.migrations',
  looksWhether: 'the database has the migrations of this version, and no others',
  look: async (database, { settings }) => {
    const { kind, pending = 0 } = await migrationStateReader(database)();
    return [migrationFinding(kind, pending, settings.HANDOFF_MIGRATE_ON_START)];
  },
});

function migrationFinding(kind: 'current' | 'pending' | 'newer' | 'changed', pending: number, onStart: boolean): Finding {
  if (kind === 'current') return fine('The database has the migrations of this version.');
  if (kind === 'newer')
    return failure(
      'The database was migrated by a newer version than this one.',
      'Update handoff-otel here; until then the server does not start.',
    );
  if (kind === 'changed')
    return failure(
      'The migrations in the database are not those of this version.',
      'Find out who changed them (table handoff_migrations), and restore a database that has the migrations of a release.',
    );
  const says = `The database lacks ${pending === 1 ? 'one migration' : `${pending} migrations`} of this version.`;
  return onStart
    ? warning(says, 'Run handoff-otel migrate, or let the next start of the server apply them.')
    : failure(says, 'Run handoff-otel migrate: with HANDOFF_MIGRATE_ON_START=false the server does not start before.');
}
