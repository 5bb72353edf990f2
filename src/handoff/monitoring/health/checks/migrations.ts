import type { MigrationState } from '../../../storage/migrate/migrationState.js';
import { degraded, healthy } from '../finding.js';
import type { Finding, HealthCheck } from '../finding.js';

const PENDING = 'The database lacks migrations of this version: run `handoff-otel migrate`.';
const NEWER =
  'The database was migrated by a newer version than this process has: update this process; until then it may fail on what has changed.';
const CHANGED =
  'The migrations in the database are not those of this version: find out who changed them, because nobody has tested what is there now.';
const SLOW = 'The history of migrations could not be read in time: look at the database first.';

/** Looks whether the database has the migrations that this version was made for. */
export function migrationsCheck(read: () => Promise<MigrationState>): HealthCheck {
  return {
    name: 'migrations',
    isCritical: false,
    adviceWhenSlow: SLOW,
    run: async () => judge(await read()),
  };
}

function judge({ kind, pending }: MigrationState): Finding {
  const measured = { pendingMigrations: pending };
  if (kind === 'newer') return degraded('newer', NEWER);
  if (kind === 'changed') return degraded('changed', CHANGED);
  return kind === 'pending' ? degraded('pending', PENDING, measured) : healthy(measured);
}
