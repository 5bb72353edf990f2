import { partitionHorizon } from '../../../monitoring/sql/partitionHorizon.js';
import type { PartitionHorizonRow } from '../../../monitoring/sql/partitionHorizon.js';
import type { Statement } from '../../../storage/database.js';
import type { Check } from '../examination/check.js';
import { fine, skipped, warning } from '../examination/finding.js';
import { onDatabase } from './onDatabase.js';

/** Milliseconds, and 0 for none, as `pg_settings` has them. `transaction_timeout` is new in PostgreSQL 17. */
const TIMEOUTS: Statement = {
  name: 'handoff_doctor_timeouts',
  text: `
SELECT name, setting::int AS ms FROM pg_settings WHERE name IN ('statement_timeout', 'transaction_timeout', 'idle_session_timeout')`,
};

interface TimeoutRow {
  readonly name: string;
  readonly ms: number;
}

/** A session that is closed sooner is of no use to a pool, which keeps idle connections for half a minute. */
const LEAST_IDLE_MS = 30_000;

export const timeoutsCheck: Check = onDatabase({
  name: 'database.timeouts',
  looksWhether: 'the time limits that the server asks for hold on its connections, and the database has no shorter ones',
  look: async (database, { settings }) => {
    const rows = await database.query<TimeoutRow>(TIMEOUTS);
    const msOf = (name: string): number => rows.find((row) => row.name === name)?.ms ?? 0;
    const wantedMs = settings.HANDOFF_PG_STATEMENT_TIMEOUT_MS;
    const transactionMs = msOf('transaction_timeout');
    const idleMs = msOf('idle_session_timeout');
    const findings = [
      ...(msOf('statement_timeout') === wantedMs
        ? []
        : [
            warning(
              `statement_timeout is ${msOf('statement_timeout')} ms on a connection that asked for ${wantedMs} ms.`,
              'A pooler in front of the database drops what connections ask for: let it pass statement_timeout on, or set it for the role.',
            ),
          ]),
      ...(transactionMs > 0 && transactionMs < wantedMs
        ? [
            warning(
              `transaction_timeout is ${transactionMs} ms, which is shorter than a statement may take.`,
              'Raise it for this role: ALTER ROLE … SET transaction_timeout = 0.',
            ),
          ]
        : []),
      ...(idleMs > 0 && idleMs < LEAST_IDLE_MS
        ? [
            warning(
              `idle_session_timeout is ${idleMs} ms, so that connections of the pool are closed while they wait.`,
              `Raise it for this role to ${LEAST_IDLE_MS} ms or more.`,
            ),
          ]
        : []),
    ];
    return findings.length > 0 ? findings : [fine('The time limits of the database are those that the server asks for.')];
  },
});

const LEAST_DAYS = 14;

export const partitionsCheck: Check = onDatabase({
  name: 'database.partitions',
  looksWhether: 'the log tables have partitions for the next two weeks',
  look: async (database) => {
    const [table] = await database.query<{ readonly present: boolean }>(LOG_TABLE);
    if (table?.present !== true) return [skipped('There are no log tables yet: the migrations make them.')];
    const [row] = await database.query<PartitionHorizonRow>(partitionHorizon);
    const days = Math.floor(row?.days ?? 0);
    return [
      days >= LEAST_DAYS
        ? fine(`The log tables have partitions for ${days} days.`)
        : warning(
            `The log tables have partitions for ${days} days only.`,
            'Run SELECT handoff_create_partitions(), and look why the job retention-enforcement has not done so (get_job_status).',
          ),
    ];
  },
});

const LOG_TABLE: Statement = { name: 'handoff_doctor_log_table', text: "SELECT to_regclass('session_lifecycle') IS NOT NULL AS present" };
