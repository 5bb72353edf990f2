import type { Pool, PoolConfig } from 'pg';
import type { Database } from './database.js';
import { loadPeer } from './loadPeer.js';
import { OpenClients } from './openClients.js';
import { createPooledDatabase, type DatabaseDeps } from './pooledDatabase.js';
import { within } from '../../time/within.js';

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
  /**
   * A statement without an answer after this ends with `DatabaseInterruptedError` and its connection is cut off: the server's
   * own limit ends nothing when the server hangs or the network swallows packets. Milliseconds, default `statementTimeoutMs`
   * and 2000 more; 0 waits without end.
   */
  readonly answerTimeoutMs?: number;
  /** The longest that `close()` waits for running statements and for the server to close its connections. Milliseconds, default 5000. */
  readonly closeTimeoutMs?: number;
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

/** How to use a pool the host already has. `answerTimeoutMs` is 32000 by default and not kept with `pg-native`. */
export type FromPoolOptions = Pick<PostgresOptions, 'connectRetryMs' | 'preparedStatements' | 'answerTimeoutMs'>;

const defaultConnectRetryMs = 5000;
const defaultStatementTimeoutMs = 30_000;
const defaultCloseTimeoutMs = 5000;
/** What the server's own limit gets to arrive in before the connection is cut off. */
const answerGraceMs = 2000;

/** A database over a new pool. Opens no connection yet. Rejects with `MissingPeerError` when `pg` is not installed. */
export async function createPostgresDatabase(options: PostgresOptions, deps: DatabaseDeps): Promise<Database> {
  const pg = await loadPeer('pg');
  const kind = options.kind ?? 'postgres';
  const clients = new OpenClients();
  const database = createPooledDatabase(
    new pg.Pool({ ...poolConfig(options, kind), Client: clients.trackedClass(pg.Client) }),
    {
      kind,
      preparedStatements: kind === 'postgres' && (options.preparedStatements ?? true),
      connectRetryMs: options.connectRetryMs ?? defaultConnectRetryMs,
      answerTimeoutMs: answerTimeoutMs(options),
      ownsPool: true,
    },
    deps,
  );
  let closed: Promise<void> | undefined;
  return { ...database, close: () => (closed ??= closeInTime(database, clients, options.closeTimeoutMs ?? defaultCloseTimeoutMs)) };
}

/** A pool's end waits for its statements, and a connection's for the server: neither has a limit of its own. */
async function closeInTime(database: Database, clients: OpenClients, limitMs: number): Promise<void> {
  const inOrder = async (): Promise<void> => {
    await database.close();
    await clients.closed();
  };
  await within(limitMs, inOrder).catch(() => undefined);
  clients.cutOffAll(new Error('Connection terminated: the database was closed'));
}

function answerTimeoutMs({
  answerTimeoutMs: given,
  statementTimeoutMs,
}: Pick<PostgresOptions, 'answerTimeoutMs' | 'statementTimeoutMs'>): number | undefined {
  const limitMs = given ?? (statementTimeoutMs === 0 ? 0 : (statementTimeoutMs ?? defaultStatementTimeoutMs) + answerGraceMs);
  return limitMs === 0 ? undefined : limitMs;
}

/** A database over the host's own pool, whose settings stay as they are; `close()` leaves it open. */
export function fromPool(pool: Pool, options: FromPoolOptions, deps: DatabaseDeps): Database {
  return createPooledDatabase(
    pool,
    {
      kind: 'postgres',
      preparedStatements: options.preparedStatements ?? true,
      connectRetryMs: options.connectRetryMs ?? defaultConnectRetryMs,
      answerTimeoutMs: answerTimeoutMs(options),
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
    // The system's own is two hours, in which a firewall has long forgotten the connection.
    keepAliveInitialDelayMillis: 30_000,
    application_name: options.applicationName ?? 'handoff-otel',
    ...(kind === 'postgres' ? sessionLimits(options) : {}),
  };
}

/** Sent with the connection's first packet: no SET, no extra round trip. 0 is left out, as some poolers refuse these parameters. */
function sessionLimits(options: PostgresOptions): PoolConfig {
  return {
    statement_timeout: options.statementTimeoutMs === 0 ? false : (options.statementTimeoutMs ?? defaultStatementTimeoutMs),
    idle_in_transaction_session_timeout:
      options.idleInTransactionTimeoutMs === 0 ? undefined : (options.idleInTransactionTimeoutMs ?? 30_000),
  };
}
