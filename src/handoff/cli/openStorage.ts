import type { HandoffConfig } from '../config/resolve.js';
import type { Cache, CacheErrorListener } from '../storage/cache.js';
import type { Database } from '../storage/database.js';
import { createMemoryCache } from '../storage/memoryCache.js';
import { createPostgresDatabase } from '../storage/postgres.js';
import { createRedisCache, type RedisCacheDeps } from '../storage/redisCache.js';
import { redisAddress } from './redisAddress.js';
import { systemClock } from '../../time/clock.js';

type Settings = HandoffConfig['settings'];

/** Calls have had HANDOFF_SHUTDOWN_TIMEOUT_MS to finish by then: any that still run are hanging. */
const CLOSE_TIMEOUT_MS = 1000;

const machine = { clock: systemClock, random: Math.random };

export interface DatabaseListeners {
  readonly onConnectionLost: (error: Error) => void;
  /** Called when the embedded database does not exist yet and is being created. */
  readonly onCreating: () => void;
}

/** Opens the database that the settings select: PostgreSQL or the embedded one. Connects on first use (embedded: immediately). */
export async function openDatabase(settings: Settings, { onConnectionLost, onCreating }: DatabaseListeners): Promise<Database> {
  const connectTimeoutMs = settings.HANDOFF_PG_CONNECT_TIMEOUT_MS;
  if (settings.DATABASE_URL === undefined) {
    const { openEmbeddedDatabase } = await import('../storage/embedded/openEmbeddedDatabase.js');
    // Produced by the build; absent when running from source, where the database is created from scratch.
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

/** What happens when Redis fails and when it is back. */
export type CacheReaction = Pick<RedisCacheDeps, 'guard' | 'onReady'>;

/** Opens Redis with an in-process fallback, or the in-process cache alone. */
export async function openCache(settings: Settings, onError: CacheErrorListener, reaction: CacheReaction = {}): Promise<Cache> {
  const memory = await createMemoryCache(
    { maxEntries: settings.HANDOFF_CACHE_MAX_ENTRIES, maxBytes: settings.HANDOFF_CACHE_MAX_BYTES },
    machine,
  );
  const connection = redisAddress(settings);
  if (connection === undefined) return memory;
  return createRedisCache(
    { connection, commandTimeoutMs: settings.HANDOFF_REDIS_COMMAND_TIMEOUT_MS },
    { ...machine, ...reaction, fallback: memory, onError },
  );
}
