import type { Pool } from 'pg';

/** One of our SQL statements. */
export interface Statement {
  /**
   * Low-cardinality label of the statement in telemetry, and its prepared-statement name on PostgreSQL.
   * At most 63 bytes; two texts must never share a name, because a connection keeps the first one.
   */
  readonly name: string;
  /** The SQL, with parameters as `$1`, `$2`. Never built from caller input. */
  readonly text: string;
  /**
   * SQLSTATEs of failures after which its caller goes on without what it asked for, so that nothing is wrong with the database; `any` for
   * whatever the failure is. Default: none.
   */
  readonly expectedFailures?: 'any' | readonly string[];
}

/** A target for statements: the database, or one open transaction. */
export interface Queryable {
  /**
   * Sends one statement and resolves with its rows.
   *
   * Rejects with `DatabaseUnavailableError` when it was certainly not sent, with `DatabaseInterruptedError` when the
   * connection broke and the outcome is unknown, and with pg's own error (SQLSTATE in `code`) when the server refused it.
   */
  query<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>;
}

/** The database as seen by the layers above. Safe to share; every call takes its own connection. */
export interface Database extends Queryable {
  /** `embedded`: one shared PGlite backend, where advisory locks and session settings do not separate connections. */
  readonly kind: 'postgres' | 'embedded';
  /** The underlying pool, for telemetry, migrations and job engines. Do not end it: call `close()`. */
  readonly pool: Pool;
  /**
   * Runs `fn` between BEGIN and COMMIT on one connection, in the isolation READ COMMITTED; any throw rolls back and is rethrown.
   * `fn` must use only the `Queryable` it is given and must not be called again after a failure unless it is idempotent.
   */
  transaction<T>(fn: (q: Queryable) => Promise<T>): Promise<T>;
  /** Stops pending connection attempts and ends the pool, unless the host provided it. Idempotent. */
  close(): Promise<void>;
}
