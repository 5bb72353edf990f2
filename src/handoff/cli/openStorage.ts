import type { HandoffConfig } from '../config/resolve.js';
import type { Cache, CacheErrorListener } from '../storage/cache.js';
import type { Database } from '../storage/database.js';
import { createMemoryCache } from '../storage/memoryCache.js';
import { createPostgresDatabase } from '../storage/postgres.js';
import { createRedisCache } from '../storage/redisCache.js';
import { systemClock } from '../../time/clock.js';

type Settings = HandoffConfig['settings'];

/** Calls have had HANDOFF_SHUTDOWN_TIMEOUT_MS to finish by then: what still runs hangs. */
const CLOSE_TIMEOUT_MS = 1000;

const machine = { clock: systemClock, random: Math.random };

export interface DatabaseListeners {
  readonly onConnectionLost: (error: Error) => void;
  /** The embedded database does not exist yet and is being made. */
  readonly onCreating: () => void;
}

/** The database the settings ask for: PostgreSQL, or the embedded one. Connects on first use (embedded: at once). */
export async function openDatabase(settings: Settings, { onConnectionLost, onCreating }: DatabaseListeners): Promise<Database> {
  const connectTimeoutMs = settings.HANDOFF_PG_CONNECT_TIMEOUT_MS;
  if (settings.DATABASE_URL === undefined) {
    const { openEmbeddedDatabase } = await import('../storage/embedded/openEmbeddedDatabase.js');
    // Made by the build: absent when this runs from its sources, where the database is made from nothing.
    const prepared = new URL('../storage/embedded/prepared.br', import.meta.url);
    return openEmbeddedDatabase(
      { dataDir: settings.HANDOFF_DATA_DIR, prepared, poolSize: settings.HANDOFF_PG_POOL_SIZE },
      { ...machine, onConnectionLost, onCreating },
    );
  }
  return createPostgresDatabase(
    {
      connectionString: settings.DATABASE_URL,
      poolSize: settings.HANDOFF_PG_POOL_SIZE,
      connectionTimeoutMs: connectTimeoutMs,
      connectRetryMs: connectTimeoutMs,
      statementTimeoutMs: settings.HANDOFF_PG_STATEMENT_TIMEOUT_MS,
      closeTimeoutMs: CLOSE_TIMEOUT_MS,
      preparedStatements: settings.HANDOFF_PG_PREPARED_STATEMENTS,
      applicationName: 'ai-handoff-mcp',
    },
    { ...machine, onConnectionLost },
  );
}

/** Redis with an in-process fallback, or the in-process cache alone. */
export async function openCache(settings: Settings, onError: CacheErrorListener): Promise<Cache> {
  const memory = await createMemoryCache(
    { maxEntries: settings.HANDOFF_CACHE_MAX_ENTRIES, maxBytes: settings.HANDOFF_CACHE_MAX_BYTES },
    machine,
  );
  if (settings.REDIS_URL === undefined) return memory;
  return createRedisCache(
    { connection: { url: settings.REDIS_URL }, commandTimeoutMs: settings.HANDOFF_REDIS_COMMAND_TIMEOUT_MS },
    { ...machine, fallback: memory, onError },
  );
}
