import { lifecycleMetrics } from '../../../../src/telemetry/catalogue/lifecycle.js';
import { lifecycleLimits } from '../../../../src/telemetry/catalogue/objectives.js';
import { retentionMetrics } from '../../../../src/telemetry/catalogue/retention.js';
import { ATTR_ERROR_TYPE, ATTR_HANDOFF_SESSION_PROBLEM, ATTR_HANDOFF_SWEEP_NAME } from '../../../../src/telemetry/semconv.js';
import { boards } from '../../boardList.js';
import { differs, equals, selector } from '../../names/selectors.js';
import { countSeries, labelName, seriesName } from '../../names/series.js';
import type { AlertDefinition } from '../alert.js';
import { increasedBy } from '../increased.js';
import { SERVICE } from '../serviceLevels.js';
import { HOUR_S, MINUTE_S } from '../times.js';

const SWEEP = labelName(ATTR_HANDOFF_SWEEP_NAME);
const PROBLEM = labelName(ATTR_HANDOFF_SESSION_PROBLEM);
const NOW_S = 5 * MINUTE_S;
const WINDOW_S = HOUR_S;
/** A single failure is a restart of the database. */
const FAILURES = 3;

/** Sessions that are late hurt nobody at once: nobody is woken up. */
const ofLifecycle = { severity: 'ticket', area: 'service', board: boards.lifecycle } as const;

export const lifecycleAlerts: readonly AlertDefinition[] = [
  {
    ...ofLifecycle,
    name: 'SessionSweepLags',
    conditions: (times) => {
      const late = Object.entries(lifecycleLimits.sweepLagS).map(([sweep, seconds]) => {
        const lag = selector(seriesName(lifecycleMetrics.sweepLag), [equals(ATTR_HANDOFF_SWEEP_NAME, sweep)]);
        return `(max by (${[...SERVICE, SWEEP].join(', ')}) (last_over_time(${lag}[${times(NOW_S)}])) > ${String(seconds)})`;
      });
      return [{ expr: late.join('\nor ') }];
    },
    forS: 5 * MINUTE_S,
    summary: `{{ $labels.job }}: a session has been overdue for {{ $value | humanizeDuration }} (sweep {{ $labels.${SWEEP} }})`,
    description: 'Three intervals of the job that runs the sweep have passed, and no sweep has taken the session.',
    runbook: {
      means: 'Sessions that should have expired, or become dormant, have not. The sweep does not run, fails, or cannot keep up.',
      users:
        'Agents still see sessions that should have expired, and can write to them. Storage grows, because sessions that do not end are not archived.',
      confirm: 'get_job_status says when `session-cleanup` (expire) and `dormant-detection` (dormant) last ran, and with what result.',
      mend: [
        'Do JobDoesNotRun, JobFails or SweepsFail fire? Then deal with those first.',
        "Does a transaction hold the sessions? `SELECT pid, state, xact_start, query FROM pg_stat_activity WHERE state <> 'idle' ORDER BY xact_start`. End the oldest one that nobody needs.",
        'Is it a backlog (a policy was shortened, or servers were down for long)? It is worked off by itself, 1,000 sessions at a time; run_job_now starts that at once.',
      ],
      lies: 'If an operator gave the job a longer interval, a longer wait is intended. It is also normal in the first minutes after servers were down for hours.',
    },
  },
  {
    ...ofLifecycle,
    name: 'SweepsFail',
    conditions: (times) => {
      const failures = selector(countSeries(lifecycleMetrics.sweepDuration), [differs(ATTR_ERROR_TYPE, '')]);
      return [{ expr: `${increasedBy([...SERVICE, SWEEP], failures, WINDOW_S, times)} >= ${String(FAILURES)}` }];
    },
    summary: `{{ $labels.job }}: the sweep {{ $labels.${SWEEP} }} failed {{ $value | printf "%.0f" }} times in an hour`,
    description: 'It ended with an error each time. What it had done until then is kept, and the next run continues from there.',
    runbook: {
      means: 'A sweep meets an error that does not go away by itself.',
      users: 'Nothing yet. Sessions that are due stay as they are until it works again.',
      confirm: 'The log record `handoff.sweep.<name>` of each failure has the code (`error_type`), and its trace the statement.',
      mend: [
        'Does DatabaseUnavailable fire, or did it? Then this alert resolves with it.',
        'A code of PostgreSQL names the cause: `42P01` and `42703` mean that the tables are not those of this release (`handoff-otel migrate`), `53100` a full disk, `57014` a time limit (HANDOFF_PG_STATEMENT_TIMEOUT_MS) that is too short.',
        'Otherwise look the code up in docs/errors.md.',
      ],
      lies: 'A failover of the database within an hour of another can reach three.',
    },
  },
  {
    ...ofLifecycle,
    name: 'CorruptSessions',
    conditions: (times) => {
      const found = selector(seriesName(lifecycleMetrics.problems));
      return [{ expr: `${increasedBy([...SERVICE, PROBLEM], found, WINDOW_S, times)} > 0` }];
    },
    summary: `{{ $labels.job }}: sessions in an impossible state ({{ $labels.${PROBLEM} }}): {{ $value | printf "%.0f" }}`,
    description: 'The integrity sweep found them in the last hour. It reports each problem of a session once, and deletes nothing.',
    runbook: {
      means:
        'The database contains something that this package never writes: another program wrote to it, rows were lost, or there is a bug in this package.',
      users: 'When agents read such a session, entries may be missing or appear twice.',
      confirm:
        "Which sessions: `SELECT session_id, event_data, created_at FROM session_lifecycle WHERE event_type = 'corrupt' ORDER BY created_at DESC`.",
      mend: [
        '`sequence_gap`: entries are missing. Were rows deleted by hand, or was a backup restored in part? Restore them from the backup.',
        '`archived_twice`: a session has entries both in the database and in the archive. Compare the two (`handoff-otel archive verify`) before anything is deleted.',
        '`unknown_status`: another program writes to `sessions`. Find it.',
        'Place the session on legal hold (hold_session) while you look, so that nothing deletes it. If no other program wrote to it, please report a bug.',
      ],
      lies: 'After the database of an earlier server was taken over, this reports once what that server had left behind.',
    },
  },
  {
    ...ofLifecycle,
    name: 'StorageNearLimit',
    conditions: (times) => {
      const now = `[${times(NOW_S)}]`;
      const size = `sum by (${[...SERVICE, 'instance'].join(', ')}) (last_over_time(${selector(seriesName(retentionMetrics.storageSize))}${now}))`;
      const limit = `max by (${SERVICE.join(', ')}) (last_over_time(${selector(seriesName(retentionMetrics.storageLimit))}${now}))`;
      return [{ expr: `max by (${SERVICE.join(', ')}) (${size}) / ${limit} > ${String(lifecycleLimits.storageShare)}` }];
    },
    forS: 5 * MINUTE_S,
    summary: '{{ $labels.job }}: database and archive use {{ $value | humanizePercentage }} of their limit',
    description: 'As last measured: once a day by the job retention-enforcement, and whenever somebody asks for the storage report.',
    runbook: {
      means: 'The database and the archive have nearly reached HANDOFF_STORAGE_LIMIT_BYTES.',
      users: 'Nothing, until the disk is full: then every call that writes fails.',
      confirm:
        'get_storage_report (or `handoff-otel retention report`) has the sizes, the growth, the days left, and what changes of policies would free.',
      mend: [
        'Shorten the policies as the report suggests, with update_retention_policy.',
        'Run retention-enforcement (run_job_now): it archives, deletes, drops partitions and measures again.',
        'If all of it has to be kept, give the database a larger disk, and raise HANDOFF_STORAGE_LIMIT_BYTES with it.',
      ],
      lies: 'The size is that of the last measurement, which may be up to a day old. Other tables in the same database count too.',
    },
  },
];
