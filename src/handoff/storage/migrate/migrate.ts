import type { PoolClient } from 'pg';
import { errorCode, toError } from '../../../errors/classify.js';
import {
  DatabaseEncodingError,
  MigrationBlockedError,
  MigrationDeniedError,
  MigrationPendingError,
} from '../../../errors/migrationErrors.js';
import type { Clock } from '../../../time/clock.js';
import { backoffMs } from '../backoff.js';
import type { Database } from '../database.js';
import { hostDefaults } from '../hostDefaults.js';
import { OUR_SCHEMA_NAME } from '../ourSchema.js';
import {
  applyInTransaction,
  applyOutsideTransaction,
  createHistoryTable,
  isClash,
  isHistoryThere,
  longestLockWaitMs,
} from './applyMigration.js';
import { pendingMigrations, readHistory, readState } from './history.js';
import { watchingServer } from './watchServer.js';
import { type Migration, readMigrations } from './migrationFiles.js';

export interface MigrateOptions {
  /** Default: the migrations of this package. */
  readonly folder?: URL;
  /** Longest wait for another process that is migrating, and for the tables of one migration. In milliseconds, default 60000. */
  readonly waitMs?: number;
  /** How long one attempt may block other users of a table while it waits for the lock. In milliseconds, default and at most half of the
   * server's `deadlock_timeout` (1 s unless it is configured). */
  readonly lockTimeoutMs?: number;
  /** Interval of probes, over another connection, of whether the server still answers; a run ends after two without an answer.
   * In milliseconds, default 15000. */
  readonly probeIntervalMs?: number;
}

export interface MigrateDeps {
  readonly clock: Clock;
  /** Uniform in [0, 1); jitter only. */
  readonly random: () => number;
  /** Called with a sentence or two about everything that was dropped or deleted, or that a migration could not keep. May quote
   * definitions of views and triggers. */
  readonly onWarning?: (warning: string) => void;
}

/** The migrations this call applied, in order; empty when the database was up to date or another process was faster. */
export interface MigrateResult {
  readonly applied: readonly string[];
}

type State = Awaited<ReturnType<typeof readState>>;

const INSUFFICIENT_PRIVILEGE = '42501';
const NO_SCHEMA = '3F000';

/** Any number of processes may migrate at once: per database, one runner at a time holds this lock. The number is arbitrary. */
const advisoryLockKey = '4871203591174021';

const LOCK_LEFT_BEHIND =
  'The lock of the migrations could not be released, because a pooler gave statements to different connections: the next migration waits until the pooler closes the one that has it. Everything was applied. Migrate by an address that leads to PostgreSQL itself.';

/**
 * Brings the database to the newest migration. Costs two short reads when it is already there.
 *
 * Rejects with `MigrationChangedError`, `MigrationMissingError` or `DatabaseNewerError` before touching anything, with
 * `MigrationFailedError` when a file fails, and with `MigrationBlockedError` when others keep blocking it.
 */
export async function migrate(database: Database, options: MigrateOptions = {}, given: Partial<MigrateDeps> = {}): Promise<MigrateResult> {
  const deps = hostDefaults(given);
  const files = await readMigrations(options.folder);
  const state = await readableState(database);
  if (pendingMigrations(files, state.applied).length === 0) return { applied: [] };
  requireEncoding(state);
  const intervalMs = options.probeIntervalMs ?? 15_000;
  return holdingClient(database, (client) =>
    watchingServer({ database, client, intervalMs, clock: deps.clock }, async () => {
      const lockTimeoutMs = Math.min(options.lockTimeoutMs ?? Infinity, await longestLockWaitMs(client));
      return new Run({ database, client, files, lockTimeoutMs }, options, deps).apply();
    }),
  );
}

/** Rejects with `MigrationPendingError` unless the database is up to date, for deployments with a separate migration step. */
export async function requireMigrated(database: Database, folder?: URL): Promise<void> {
  const state = await readableState(database);
  const pending = pendingMigrations(await readMigrations(folder), state.applied);
  if (pending.length > 0) requireEncoding(state);
  if (pending.length > 0) throw new MigrationPendingError(pending.map(({ version, name }) => ({ version, name })));
}

/** A database already in use is up to its operator: it stores the texts that it can. */
function requireEncoding({ applied, encoding }: State): void {
  if (applied.length === 0 && encoding !== 'UTF8') throw new DatabaseEncodingError(encoding);
}

async function readableState(database: Database): Promise<State> {
  try {
    return await readState(database);
  } catch (error) {
    throw await explainDenied((text) => database.query({ name: 'handoff_migrations_role', text }), error);
  }
}

async function explainDenied(query: (text: string) => Promise<object[]>, error: unknown): Promise<unknown> {
  const code = errorCode(error);
  if (code !== INSUFFICIENT_PRIVILEGE && code !== NO_SCHEMA) return error;
  const [row] = (await query(
    `SELECT quote_ident(current_user) AS role, ${OUR_SCHEMA_NAME} AS schema, to_regclass('handoff_migrations') IS NOT NULL AS present`,
  )) as {
    role: string;
    schema: string | null;
    present: boolean;
  }[];
  return row === undefined ? error : new MigrationDeniedError(row, error);
}

/** Uses one connection for the whole run: the advisory lock belongs to it, and is released with it if the process dies. */
async function holdingClient<T>(database: Database, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await database.pool.connect();
  const ignore = (): void => {};
  client.on('error', ignore);
  let failure: Error | undefined;
  try {
    return await work(client);
  } catch (error) {
    failure = toError(error);
    throw error;
  } finally {
    client.off('error', ignore);
    // After a failure the connection is closed rather than reused: it may hold the lock or changed settings.
    client.release(failure);
  }
}

interface RunOf {
  readonly database: Database;
  readonly client: PoolClient;
  readonly files: readonly Migration[];
  readonly lockTimeoutMs: number;
}

class Run {
  private readonly database: Database;
  private readonly client: PoolClient;
  private readonly files: readonly Migration[];
  private readonly waitMs: number;
  private readonly lockTimeoutMs: number;
  private readonly deps: MigrateDeps;
  /** Warnings of the current attempt only: one that is rolled back has dropped nothing. */
  private readonly warnings: string[] = [];

  constructor({ database, client, files, lockTimeoutMs }: RunOf, { waitMs = 60_000 }: MigrateOptions, deps: MigrateDeps) {
    this.database = database;
    this.client = client;
    this.files = files;
    this.waitMs = waitMs;
    this.lockTimeoutMs = lockTimeoutMs;
    this.deps = deps;
  }

  async apply(): Promise<MigrateResult> {
    this.client.on('notice', this.onNotice);
    try {
      return await this.applyInTurn();
    } finally {
      this.client.off('notice', this.onNotice);
    }
  }

  /** Recognised by SQLSTATE, because the severity is in the server's language. Notices are about what already exists. */
  private readonly onNotice = ({ code, message }: { readonly code: string | undefined; readonly message: string | undefined }): void => {
    if (code?.startsWith('01') === true && message !== undefined) this.warnings.push(message.replace(/^handoff: /, ''));
  };

  private async applyInTurn(): Promise<MigrateResult> {
    // The embedded database grants advisory locks to everybody; there only the lock on the history table is effective.
    if (this.database.kind === 'embedded') return { applied: await this.applyPending() };
    if (!(await this.takeTurn())) return { applied: [] };
    const applied = await this.applyPending();
    const { rows } = await this.client.query<{ released: boolean }>(`SELECT pg_advisory_unlock(${advisoryLockKey}) AS released`);
    if (rows[0]?.released !== true) this.deps.onWarning?.(LOCK_LEFT_BEHIND);
    return { applied };
  }

  /**
   * True with the lock held; false when another process has finished the work in the meantime.
   * Polls: a session that waits inside pg_advisory_lock keeps a snapshot open, which CREATE INDEX CONCURRENTLY waits for.
   */
  private async takeTurn(): Promise<boolean> {
    const startMs = this.deps.clock.monotonicMs();
    for (let attempt = 1; ; attempt += 1) {
      const { rows } = await this.client.query<{ locked: boolean }>(`SELECT pg_try_advisory_lock(${advisoryLockKey}) AS locked`);
      if (rows[0]?.locked === true) return true;
      await this.pause(attempt, startMs, 'another process that is migrating');
      if ((await this.pending()).length === 0) return false;
    }
  }

  private async applyPending(): Promise<readonly string[]> {
    await this.createHistory();
    const applied: string[] = [];
    for (const migration of await this.pending()) {
      if (await this.applyOne(migration)) applied.push(migration.name);
      for (const warning of this.warnings.splice(0)) this.deps.onWarning?.(warning);
    }
    return applied;
  }

  private async createHistory(): Promise<void> {
    try {
      // Where it is, and not only in the first schema of the search path: beside a second history all would be applied again.
      const { rows } = await this.client.query<{ present: boolean }>(isHistoryThere);
      if (rows[0]?.present !== true) await this.client.query(createHistoryTable);
    } catch (error) {
      throw await explainDenied(async (text) => (await this.client.query<object>(text)).rows, error);
    }
  }

  private async applyOne(migration: Migration): Promise<boolean> {
    const startMs = this.deps.clock.monotonicMs();
    for (let attempt = 1; ; attempt += 1) {
      this.warnings.length = 0;
      try {
        if (migration.inTransaction) return await applyInTransaction(this.client, migration, this.lockTimeoutMs, this.warnings);
        return await applyOutsideTransaction(this.client, migration, this.database.kind === 'postgres', this.waitMs);
      } catch (error) {
        if (!isClash(error)) throw error;
        await this.pause(attempt, startMs, `the tables of migration ${migration.name}`, error);
      }
    }
  }

  private async pending(): Promise<readonly Migration[]> {
    const q = { query: async <Row extends object>({ text }: { text: string }) => (await this.client.query<Row>(text)).rows };
    return pendingMigrations(this.files, await readHistory(q));
  }

  private async pause(attempt: number, startMs: number, waitingFor: string, cause?: unknown): Promise<void> {
    const waitedMs = this.deps.clock.monotonicMs() - startMs;
    if (waitedMs >= this.waitMs) throw new MigrationBlockedError(waitingFor, waitedMs, cause);
    await this.deps.clock.sleep(backoffMs(attempt, this.deps.random, 20, 250));
  }
}
