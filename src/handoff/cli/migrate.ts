import { resolveConfig } from '../config/resolve.js';
import { migrate as applyMigrations } from '../storage/migrate/migrate.js';
import { systemClock } from '../../time/clock.js';
import type { CommandContext } from './command.js';
import { openDatabase } from './openStorage.js';
import { parseOptions } from './usageError.js';

/** `handoff-otel migrate`: applies the pending migrations and lists them. */
export async function migrate({ args, env, streams }: CommandContext): Promise<number> {
  parseOptions(args, {}, 'migrate');
  const { settings, warnings } = resolveConfig(env);
  for (const warning of warnings) streams.err(`Warning: ${warning}\n`);
  const database = await openDatabase(settings, {
    onConnectionLost: (error) => streams.err(`A database connection broke: ${error.message}\n`),
    onCreating: () => streams.err(`Creating the embedded database in ${settings.HANDOFF_DATA_DIR}; this takes a few seconds.\n`),
  });
  try {
    const onWarning = (warning: string): void => streams.err(`Warning: ${warning}\n`);
    const { applied } = await applyMigrations(database, {}, { clock: systemClock, random: Math.random, onWarning });
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
