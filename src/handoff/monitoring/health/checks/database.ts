import { errorCode } from '../../../../errors/classify.js';
import { DatabaseUnavailableError } from '../../../../errors/databaseErrors.js';
import { EmbeddedOpenError, EmbeddedUnavailableError } from '../../../../errors/embeddedErrors.js';
import type { Database } from '../../../storage/database.js';
import { connectionAdvice } from '../../../storage/connectionFailure.js';
import { isWritable } from '../../../storage/isWritable.js';
import { unusableTables } from '../../../storage/unusableTables.js';
import { degraded, healthy, unhealthy } from '../finding.js';
import type { FailingCounts } from '../failingStatements.js';
import type { Finding, HealthCheck, Measured } from '../finding.js';

const UNREACHABLE =
  'Check that PostgreSQL runs and that DATABASE_URL leads to it from here; the server connects by itself as soon as it answers.';
const DENIED = 'PostgreSQL refuses the user or the password: correct DATABASE_URL, or grant the user the right to connect.';
const NO_DATABASE = 'The database that DATABASE_URL names does not exist on that server: create it, or correct its name.';
const TOO_MANY =
  'PostgreSQL takes no more connections: lower HANDOFF_PG_POOL_SIZE of the processes that share it, or raise max_connections of the server.';
const EXHAUSTED =
  'All connections of this process are in use: look for slow statements, then raise HANDOFF_PG_POOL_SIZE or spread the calls over more processes.';
const READ_ONLY =
  'The database accepts no writes: let DATABASE_URL lead to the primary, or find out why it is read-only (a standby, a full disk, default_transaction_read_only).';
const NO_TABLES =
  'The tables of this server are not where its user looks for them: check the search_path of the user and the database in DATABASE_URL, then run `handoff-otel migrate`.';
const NO_RIGHTS =
  'The user of the database may not read or write the tables of this server: run `handoff-otel doctor`, which names the tables and the GRANT to run.';
const REFUSED =
  'PostgreSQL answers and refuses statements of this server, so that some calls fail: run `handoff-otel doctor`, which names the columns, keys and triggers that are missing, and look in the log for what failed and its `error.type`, which is the SQLSTATE.';
const TIMED_OUT =
  'PostgreSQL answers and does not finish statements of this server in time, so that some calls fail: look in pg_stat_activity for transactions that hold locks (pg_blocking_pids) or do nothing (idle in transaction), and for what loads the database.';
const FULL =
  'The disk of the database server is full, and it refuses what needs more room: free some space there. Nothing that was acknowledged is lost.';
const LEFT_ALONE =
  'The database answers again, and calls are still refused by the circuit breaker: it closes within seconds. If this stays, look for HANDOFF_CIRCUIT_OPEN in the log.';
const SLOW = 'The database answers late or not at all: look at its load, its locks and the network between it and this process.';

/** What statements have met with, as `Suspicions` counts it. */
export interface CallsMet {
  takeSpaceRefusals(): number;
  failingStatements(): FailingCounts;
}

/** SQLSTATE of what is wrong with the user. */
const DENIED_CODES: ReadonlySet<string> = new Set(['28000', '28P01', '42501']);
const NO_DATABASE_CODE = '3D000';
const TOO_MANY_CODE = '53300';

/**
 * Asks the database whether it accepts writes and its tables can be used, over the same pool as every call.
 *
 * @param isLeftAlone whether a circuit breaker refuses the statements of calls; those of this check pass it by
 * @param met what statements, those of calls too, have met with
 */
export function databaseCheck(
  database: Database,
  isLeftAlone: () => boolean = () => false,
  met: CallsMet = { takeSpaceRefusals: () => 0, failingStatements: () => ({ refused: 0, timedOut: 0 }) },
): HealthCheck {
  return {
    name: 'database',
    isCritical: true,
    adviceWhenSlow: SLOW,
    run: async () => {
      try {
        const isFit = await isWritable(database);
        const measured = poolOf(database);
        if (!isFit) return unhealthy('read_only', READ_ONLY, measured);
        const [unusable] = await unusableTables(database);
        if (unusable !== undefined)
          return unusable.isMissing ? unhealthy('tables_missing', NO_TABLES, measured) : unhealthy('access_denied', NO_RIGHTS, measured);
        if (met.takeSpaceRefusals() > 0) return unhealthy('full', FULL, measured);
        if (isLeftAlone()) return unhealthy('circuit_open', LEFT_ALONE, measured);
        const { refused, timedOut } = met.failingStatements();
        if (refused > 0) return degraded('statements_refused', REFUSED, { ...measured, refusedStatements: refused });
        if (timedOut > 0) return degraded('statements_timed_out', TIMED_OUT, { ...measured, timedOutStatements: timedOut });
        // Momentary waits are what a pool is for; as many as it has connections are not.
        if (measured.waitingConnections >= measured.maxConnections) return degraded('pool_saturated', EXHAUSTED, measured);
        return healthy(measured);
      } catch (error) {
        return failure(error, poolOf(database));
      }
    },
  };
}

/** What the pool says of itself, by the names of pg. */
function poolOf({ pool }: Database) {
  return {
    totalConnections: pool.totalCount,
    idleConnections: pool.idleCount,
    waitingConnections: pool.waitingCount,
    maxConnections: pool.options.max,
  };
}

function failure(error: unknown, measured: Measured): Finding {
  const embedded = error instanceof DatabaseUnavailableError ? error.cause : error;
  if (embedded instanceof EmbeddedUnavailableError)
    return unhealthy(isDiskFull(embedded.cause) ? 'full' : 'unreachable', embedded.data.remedy, measured);
  const code = errorCode(error instanceof DatabaseUnavailableError ? error.cause : error);
  if (code === NO_DATABASE_CODE) return unhealthy('access_denied', NO_DATABASE, measured);
  if (code !== undefined && DENIED_CODES.has(code)) return unhealthy('access_denied', DENIED, measured);
  if (code === TOO_MANY_CODE) return unhealthy('too_many_connections', TOO_MANY, measured);
  const reason = error instanceof DatabaseUnavailableError ? error.data.reasonCode : undefined;
  if (reason === 'pool_exhausted') return unhealthy('pool_exhausted', EXHAUSTED, measured);
  if (reason === 'pooler_full') return unhealthy('too_many_connections', connectionAdvice(reason), measured);
  if (reason === 'pooler_without_server') return unhealthy('unreachable', connectionAdvice(reason), measured);
  return unhealthy('unreachable', UNREACHABLE, measured);
}

function isDiskFull(cause: unknown): boolean {
  return cause instanceof EmbeddedOpenError && cause.data.reason === 'disk_full';
}
