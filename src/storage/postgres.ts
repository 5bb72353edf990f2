import type { Pool, PoolConfig } from 'pg';
import type { Database } from './database.js';
import { loadPeer } from './loadPeer.js';
import { createPooledDatabase, type DatabaseDeps } from './pooledDatabase.js';

/** How to reach PostgreSQL. Everything but the address has a default that suits a server with a handful of replicas. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database?sslmode=...`; a Unix socket as `?host=/directory`. */
  readonly connectionString: string;
  /** Default `postgres`. With `embedded`, session time-outs and prepared statements are never used: its one backend shares both. */
  readonly kind?: Database['kind'];
  /** Most connections this process opens, 1 or more. Default 10. Replicas times this must stay under `max_connections`. */
  readonly poolSize?: number;
  /** Longest wait for a connection, queueing in a full pool included, before one attempt fails. Milliseconds, default 5000. */
  readonly connectionTimeoutMs?: number;
  /** How long failed attempts to connect are repeated before the call fails. Milliseconds, default 5000; 0 tries once. */
  readonly connectRetryMs?: number;
  /** The server cancels a statement that runs longer (SQLSTATE 57014). Milliseconds, default 30000; 0 sends no limit. */
  readonly statementTimeoutMs?: number;
  /** The server closes a connection that sits in an open transaction longer. Milliseconds, default 30000; 0 sends no limit. */
  readonly idleInTransactionTimeoutMs?: number;
  /** Unused connections are closed after this. Milliseconds, default 30000; 0 keeps them for good. */
  readonly idleTimeoutMs?: number;
  /** TCP keep-alive, so that a peer that vanished is noticed. Default true. */
  readonly keepAlive?: boolean;
  /** Shown in `pg_stat_activity`. Default `handoff-otel`. */
  readonly applicationName?: string;
  /** Named prepared statements. Default true; switch off behind a pooler that cannot keep them (PgBouncer before 1.21). */
  readonly preparedStatements?: boolean;
}

/** How to use a pool the host already has. */
export type FromPoolOptions = Pick<PostgresOptions, 'connectRetryMs' | 'preparedStatements'>;

const defaultConnectRetryMs = 5000;

/** A database over a new pool. Opens no connection yet. Rejects with `MissingPeerError` when `pg` is not installed. */
export async function createPostgresDatabase(options: PostgresOptions, deps: DatabaseDeps): Promise<Database> {
  const pg = await loadPeer('pg');
  const kind = options.kind ?? 'postgres';
  return createPooledDatabase(
    new pg.Pool(poolConfig(options, kind)),
    {
      kind,
      preparedStatements: kind === 'postgres' && (options.preparedStatements ?? true),
      connectRetryMs: options.connectRetryMs ?? defaultConnectRetryMs,
      ownsPool: true,
    },
    deps,
  );
}

/** A database over the host's own pool, whose settings stay as they are; `close()` leaves it open. */
export function fromPool(pool: Pool, options: FromPoolOptions, deps: DatabaseDeps): Database {
  return createPooledDatabase(
    pool,
    {
      kind: 'postgres',
      preparedStatements: options.preparedStatements ?? true,
      connectRetryMs: options.connectRetryMs ?? defaultConnectRetryMs,
      ownsPool: false,
    },
    deps,
  );
}

function poolConfig(options: PostgresOptions, kind: Database['kind']): PoolConfig {
  return {
    connectionString: options.connectionString,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: options.connectionTimeoutMs ?? 5000,
    idleTimeoutMillis: options.idleTimeoutMs ?? 30_000,
    keepAlive: options.keepAlive ?? true,
    application_name: options.applicationName ?? 'handoff-otel',
    ...(kind === 'postgres' ? sessionLimits(options) : {}),
  };
}

/** Sent with the connection's first packet: no SET, no extra round trip. 0 is left out, as some poolers refuse these parameters. */
function sessionLimits(options: PostgresOptions): PoolConfig {
  return {
    statement_timeout: options.statementTimeoutMs === 0 ? false : (options.statementTimeoutMs ?? 30_000),
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs === 0 ? undefined : (options.idleInTransactionTimeoutMs ?? 30_000),
  };
}
