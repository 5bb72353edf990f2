import type { Pool, PoolConfig } from 'pg';
import { InvalidArgumentError } from '../../errors/lifecycleErrors.js';
import { postgresHosts } from '../../values/postgresHosts.js';
import type { Database } from './database.js';
import { HostChoice, hostedClass } from './hostChoice.js';
import { hostDefaults } from './hostDefaults.js';
import { isoDatesClass } from './isoDates.js';
import { loadPeer } from './loadPeer.js';
import { OpenClients } from './openClients.js';
import { createPooledDatabase, type DatabaseDeps } from './pooledDatabase.js';
import { within } from '../../time/within.js';

/** How to reach PostgreSQL. Everything except the address has a default that suits a server with a handful of replicas. */
export interface PostgresOptions {
  /**
   * `postgres://user:password@host:port/database?sslmode=...`; a Unix socket as `?host=/directory`. Several servers as
   * `host:port,host:port`: connections go to the one that accepts writes, also after a failover, unless `target_session_attrs=any`.
   */
  readonly connectionString: string;
  /** Default `postgres`. With `embedded`, session timeouts and prepared statements are never used: all clients share one backend. */
  readonly kind?: Database['kind'];
  /** Maximum number of connections of this process, 1 or more. Default 10. This times the replicas must stay under `max_connections`. */
  readonly poolSize?: number;
  /** Longest wait for a connection, including queueing in a full pool, before one attempt fails. In milliseconds, default 5000. */
  readonly connectionTimeoutMs?: number;
  /** How long failed attempts to connect are retried before the call fails. In milliseconds, default 5000; 0 tries once. */
  readonly connectRetryMs?: number;
  /** The server cancels a statement that runs longer (SQLSTATE 57014). In milliseconds, default 30000; 0 sends no limit. */
  readonly statementTimeoutMs?: number;
  /**
   * A statement without an answer after this time ends with `DatabaseInterruptedError` and its connection is closed: the server's
   * own limit has no effect when the server hangs or the network drops packets. In milliseconds, default `statementTimeoutMs`
   * plus 2000; 0 means no limit.
   */
  readonly answerTimeoutMs?: number;
  /** How long `close()` waits for running statements and for the server to close its connections. In milliseconds, default 5000. */
  readonly closeTimeoutMs?: number;
  /** The server closes a connection that idles in an open transaction longer. In milliseconds, default 30000; 0 sends no limit. */
  readonly idleInTransactionTimeoutMs?: number;
  /** Idle connections are closed after this time. In milliseconds, default 30000; 0 keeps them open. */
  readonly idleTimeoutMs?: number;
  /** TCP keep-alive, so that a vanished peer is noticed. Default true. */
  readonly keepAlive?: boolean;
  /** Shown in `pg_stat_activity`. Default `handoff-otel`. */
  readonly applicationName?: string;
  /** Named prepared statements. Default true; turn off behind a pooler that cannot keep them (PgBouncer before 1.21). */
  readonly preparedStatements?: boolean;
}

/**
 * How to use a pool the host already has. Its connections must have the `DateStyle` ISO, which is PostgreSQL's default.
 * `answerTimeoutMs` is 32000 by default and not enforced with `pg-native`.
 */
export type FromPoolOptions = Pick<PostgresOptions, 'connectRetryMs' | 'preparedStatements' | 'answerTimeoutMs'>;

const defaultConnectRetryMs = 5000;
const defaultStatementTimeoutMs = 30_000;
const defaultCloseTimeoutMs = 5000;
/** Time for the server's own limit to take effect before the connection is closed. */
const answerGraceMs = 2000;

/** Creates a database on a new pool. Opens no connection yet. Rejects with `MissingPeerError` when `pg` is not installed. */
export async function createPostgresDatabase(options: PostgresOptions, given: Partial<DatabaseDeps> = {}): Promise<Database> {
  const deps = hostDefaults(given);
  const pg = await loadPeer('pg');
  const kind = options.kind ?? 'postgres';
  const clients = new OpenClients();
  const hosts = postgresHosts(options.connectionString);
  if (hosts === 'invalid')
    throw new InvalidArgumentError(
      'connectionString',
      'a URL whose hosts are separated by commas and whose target_session_attrs is any, read-write or primary',
    );
  const Base = hosts === undefined ? pg.Client : hostedClass(pg.Client, new HostChoice(hosts), deps.clock);
  const connectionString = hosts?.connectionString ?? options.connectionString;
  const database = createPooledDatabase(
    new pg.Pool({ ...poolConfig({ ...options, connectionString }, kind), Client: clients.trackedClass(isoDatesClass(Base)) }),
    {
      kind,
      preparedStatements: kind === 'postgres' && (options.preparedStatements ?? true),
      connectRetryMs: options.connectRetryMs ?? defaultConnectRetryMs,
      answerTimeoutMs: answerTimeoutMs(options),
      ownsPool: true,
      hasSeveralHosts: (hosts?.hosts.length ?? 0) > 1,
    },
    deps,
  );
  let closed: Promise<void> | undefined;
  return { ...database, close: () => (closed ??= closeInTime(database, clients, options.closeTimeoutMs ?? defaultCloseTimeoutMs)) };
}

/** Ending a pool waits for its statements, and ending a connection waits for the server: neither has its own limit. */
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

/** Creates a database on the host's own pool, whose settings are left unchanged; `close()` leaves it open. */
export function fromPool(pool: Pool, options: FromPoolOptions = {}, deps: Partial<DatabaseDeps> = {}): Database {
  return createPooledDatabase(
    pool,
    {
      kind: 'postgres',
      preparedStatements: options.preparedStatements ?? true,
      connectRetryMs: options.connectRetryMs ?? defaultConnectRetryMs,
      answerTimeoutMs: answerTimeoutMs(options),
      ownsPool: false,
    },
    hostDefaults(deps),
  );
}

function poolConfig(options: PostgresOptions, kind: Database['kind']): PoolConfig {
  return {
    connectionString: options.connectionString,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: options.connectionTimeoutMs ?? 5000,
    idleTimeoutMillis: options.idleTimeoutMs ?? 30_000,
    keepAlive: options.keepAlive ?? true,
    // The system default is two hours, by which time a firewall has long forgotten the connection.
    keepAliveInitialDelayMillis: 30_000,
    application_name: options.applicationName ?? 'handoff-otel',
    ...(kind === 'postgres' ? sessionLimits(options) : {}),
  };
}

/** Sent with the connection's first packet: no SET, no extra round trip. 0 is omitted, as some poolers refuse these parameters. */
function sessionLimits(options: PostgresOptions): PoolConfig {
  return {
    statement_timeout: options.statementTimeoutMs === 0 ? false : (options.statementTimeoutMs ?? defaultStatementTimeoutMs),
    idle_in_transaction_session_timeout:
      options.idleInTransactionTimeoutMs === 0 ? undefined : (options.idleInTransactionTimeoutMs ?? 30_000),
  };
}
