import { resolveConfig } from '../config/resolve.js';
import { createHandoffServices } from '../services.js';
import type { HandoffServices } from '../services.js';
import { requireMigrated } from '../storage/migrate/migrate.js';
import type { CommandContext } from './command.js';
import { openArchive } from './openArchive.js';
import { openCache, openDatabase } from './openStorage.js';
import { analyticsConfig } from './serve/analyticsConfig.js';
import { alertThresholds } from './serve/monitoringConfig.js';

/** Commands say themselves what they did; an operation that fails throws. */
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Runs `work` with the services of the server that the settings describe, all of its storage included: a command without the archive
 * would leave there what it erases. Starts no jobs.
 */
export async function withServices<T>(
  { env, streams }: Pick<CommandContext, 'env' | 'streams'>,
  work: (services: HandoffServices) => Promise<T>,
): Promise<T> {
  const { settings, warnings } = resolveConfig(env);
  for (const warning of warnings) streams.err(`Warning: ${warning}\n`);
  const database = await openDatabase(settings, {
    onConnectionLost: (error) => streams.err(`The database connection was lost: ${error.message}\n`),
    onCreating: () => streams.err(`Creating the embedded database in ${settings.HANDOFF_DATA_DIR}; this takes a few seconds.\n`),
  });
  const releases: (() => unknown)[] = [() => database.close()];
  try {
    await requireMigrated(database);
    const cache = await openCache(settings, (_operation, error) => streams.err(`The cache failed: ${error.message}\n`));
    releases.push(() => cache.close());
    const archive = openArchive(settings, env);
    if (archive !== undefined) releases.push(() => archive.close());
    const services = createHandoffServices({
      database,
      cache,
      archive: archive?.store,
      log: silent,
      storageLimitBytes: settings.HANDOFF_STORAGE_LIMIT_BYTES,
      handoffTimeoutHours: settings.HANDOFF_HANDOFF_TIMEOUT_HOURS,
      analytics: analyticsConfig(settings),
      grafanaUrl: settings.HANDOFF_GRAFANA_URL,
      // Recommendations compare with them.
      monitoring: { alertThresholds: alertThresholds(settings) },
    });
    return await work(services);
  } finally {
    for (const release of releases.reverse()) await release();
  }
}
