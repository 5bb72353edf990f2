import { createLogger } from '../../../logging/logger.js';
import { resolveConfig } from '../../config/resolve.js';
import { createHandoffServices } from '../../services.js';
import { requireMigrated } from '../../storage/migrate/migrate.js';
import type { CommandContext } from '../command.js';
import { openCache, openDatabase } from '../openStorage.js';
import { UsageError } from '../usageError.js';
import { actions } from './actions.js';

const USAGE = 'retention list|set|remove|rules|assign|hold|release|erase|report [--json], with the options in docs/retention.md';

/** `handoff-otel retention ...`: what operators do about how long things are kept. */
export async function retention({ args, env, streams }: CommandContext): Promise<number> {
  const [name = '', ...rest] = args;
  const action = actions[name];
  if (action === undefined) throw new UsageError(name === '' ? 'An action is required.' : `Unknown action: ${name}`, USAGE);
  const run = action(rest);
  const { settings, warnings } = resolveConfig(env);
  for (const warning of warnings) streams.err(`Warning: ${warning}\n`);
  const database = await openDatabase(settings, {
    onConnectionLost: (error) => streams.err(`A database connection broke: ${error.message}\n`),
    onCreating: () => streams.err(`Creating the embedded database in ${settings.HANDOFF_DATA_DIR}; this takes a few seconds.\n`),
  });
  try {
    await requireMigrated(database);
    const cache = await openCache(settings, (_, error) => streams.err(`The cache failed: ${error.message}\n`));
    try {
      const services = createHandoffServices({
        database,
        cache,
        // The command itself says what it did and what failed.
        log: createLogger({ level: 'silent' }),
        storageLimitBytes: settings.HANDOFF_STORAGE_LIMIT_BYTES,
      });
      return await run(services.retention, streams);
    } finally {
      await cache.close();
    }
  } finally {
    await database.close();
  }
}
