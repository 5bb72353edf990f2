import { metrics, trace } from '@opentelemetry/api';
import { errorMessage } from '../../errors/classify.js';
import { resolveConfig } from '../config/resolve.js';
import { PgBossEngine } from '../jobs/pgBoss/pgBossEngine.js';
import type { Database } from '../storage/database.js';
import { migrate as applyMigrations } from '../storage/migrate/migrate.js';
import { systemClock } from '../../time/clock.js';
import type { CommandContext } from './command.js';
import { openDatabase } from './openStorage.js';
import { parseOptions } from './usageError.js';
import { MIGRATE_USAGE } from './usages.js';

/** `handoff-otel migrate`: applies the pending migrations and lists them, and brings the tables of the job queue up to date. */
export async function migrate({ args, env, streams }: CommandContext): Promise<number> {
  parseOptions(args, {}, MIGRATE_USAGE);
  const { settings, warnings } = resolveConfig(env);
  for (const warning of warnings) streams.err(`Warning: ${warning}\n`);
  const database = await openDatabase(settings, {
    onConnectionLost: (error) => streams.err(`The database connection was lost: ${error.message}\n`),
    onCreating: () => streams.err(`Creating the embedded database in ${settings.HANDOFF_DATA_DIR}; this takes a few seconds.\n`),
  });
  try {
    const onWarning = (warning: string): void => streams.err(`Warning: ${warning}\n`);
    const { applied } = await applyMigrations(database, {}, { clock: systemClock, random: Math.random, onWarning });
    if (settings.HANDOFF_JOBS_ENABLED) await jobQueue(database, settings.HANDOFF_JOBS_SCHEMA, onWarning).install();
    streams.out(
      applied.length === 0
        ? 'The database is up to date.\n'
        : `Applied ${applied.length}:\n${applied.map((name) => `  ${name}\n`).join('')}`,
    );
    return 0;
  } finally {
    await database.close();
  }
}

function jobQueue(database: Database, schema: string, warn: (warning: string) => void): PgBossEngine {
  return new PgBossEngine({
    database,
    schema,
    mayInstall: true,
    tracer: trace.getTracer('handoff-otel'),
    meter: metrics.getMeter('handoff-otel'),
    clock: systemClock,
    onError: (error) => warn(errorMessage(error)),
    onPassingError: (error) => warn(errorMessage(error)),
    onWarning: warn,
  });
}
