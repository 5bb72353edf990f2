import { mcpMetrics } from '../../../../src/telemetry/catalogue/mcp.js';
import { measurementMetrics } from '../../../../src/telemetry/catalogue/measurements.js';
import { breakerStates, resilienceMetrics } from '../../../../src/telemetry/catalogue/resilience.js';
import {
  ATTR_HANDOFF_CIRCUIT_STATE,
  ATTR_HANDOFF_DEPENDENCY,
  ATTR_HANDOFF_FEATURE,
  ATTR_HANDOFF_STATEMENT_NAME,
  ATTR_MCP_METHOD_NAME,
} from '../../../../src/telemetry/semconv.js';
import { boards } from '../../boardList.js';
import { matches, selector } from '../../names/selectors.js';
import { countSeries, labelName, seriesName } from '../../names/series.js';
import type { AlertDefinition } from '../alert.js';
import { increasedBy } from '../increased.js';
import { SERVICE } from '../serviceLevels.js';
import { MINUTE_S } from '../times.js';

const NOW_S = 5 * MINUTE_S;
const LONG_S = 10 * MINUTE_S;
const DEPENDENCY = labelName(ATTR_HANDOFF_DEPENDENCY);
const FEATURE = labelName(ATTR_HANDOFF_FEATURE);
const STATEMENT = labelName(ATTR_HANDOFF_STATEMENT_NAME);
const PROCESS = [...SERVICE, 'instance'].join(', ');

const NOT_CLOSED = breakerStates.filter((state) => state !== 'closed').join('|');

const ofService = { severity: 'ticket', area: 'service', board: boards.monitoring } as const;

/** How handoff servers protect themselves, and what that costs. */
export const resilienceAlerts: readonly AlertDefinition[] = [
  {
    ...ofService,
    name: 'CircuitBreakerOpen',
    conditions: (times) => {
      const notClosed = selector(seriesName(resilienceMetrics.breakerState), [matches(ATTR_HANDOFF_CIRCUIT_STATE, NOT_CLOSED)]);
      return [{ expr: `sum by (${[...SERVICE, DEPENDENCY].join(', ')}) (last_over_time(${notClosed}[${times(NOW_S)}])) > 0` }];
    },
    forS: 5 * MINUTE_S,
    summary: `{{ $labels.job }}: the circuit breaker of the {{ $labels.${DEPENDENCY} }} has been open for five minutes (servers: {{ $value | printf "%.0f" }})`,
    description: 'It failed several times in a row, and no probe has succeeded since. Only probes are sent to it.',
    runbook: {
      means: 'A circuit breaker is open. It closes by itself with the first probe that succeeds; probes are sent every few seconds.',
      users:
        'With `database`, every call is refused at once, with the time after which to retry. With `cache`, calls take a little longer. With `archive`, archived sessions cannot be read.',
      confirm: 'The log record `handoff.breaker.opened` has the error that opened it.',
      mend: [
        'Look at the dependency, not at the server: is it running, can it be reached from the server, does it answer in time?',
        '`cache`: `redis-cli -h HOST ping`. A Redis that hangs (because of a slow command or a full disk) does not answer probes.',
        'The server uses the dependency again by itself once it answers; do not restart the server.',
      ],
      lies: 'None: the dependency has failed for five minutes. Without traffic, users may not have noticed.',
    },
  },
  {
    ...ofService,
    name: 'FeatureLeftOut',
    conditions: (times) => [
      {
        expr: `sum by (${[...SERVICE, FEATURE].join(', ')}) (last_over_time(${selector(seriesName(resilienceMetrics.degraded))}[${times(NOW_S)}])) > 0`,
      },
    ],
    forS: 15 * MINUTE_S,
    summary: `{{ $labels.job }}: the feature {{ $labels.${FEATURE} }} has been off for 15 minutes (servers: {{ $value | printf "%.0f" }})`,
    description: 'Calls are answered without it. Tool answers tell agents so (`degraded`).',
    runbook: {
      means: 'A feature is off because it failed. It is used again automatically once it works.',
      users:
        '`cache`: the same answers, slower. `archive`: archived entries may not be readable, and ended sessions stay in the database. `jobs`: nothing expires and nothing is archived until jobs run again.',
      confirm: 'The log record `handoff.feature.degraded` has the reason.',
      mend: [
        '`cache`: see RedisUnavailable. `archive`: see ArchiveFails.',
        '`jobs`: `handoff.job.engine_failed` in the log says why jobs cannot run; the usual reasons are the schema of the job queue and the rights on it.',
      ],
      lies: 'None: the server really works without the feature.',
    },
  },
  {
    ...ofService,
    name: 'CallsShed',
    conditions: (times) => {
      const shed = increasedBy(SERVICE, selector(seriesName(resilienceMetrics.requestsShed)), NOW_S, times);
      const admitted = selector(countSeries(mcpMetrics.serverOperationDuration), [
        matches(ATTR_MCP_METHOD_NAME, 'tools/call|resources/read'),
      ]);
      const calls = increasedBy(SERVICE, admitted, NOW_S, times);
      // What is refused before MCP sees it, as over HTTP, is not among the calls.
      return [{ expr: `(${shed} >= 20)\n/ (${calls} + ${shed}) > 0.05` }];
    },
    // The window is what it has to last for.
    forS: MINUTE_S,
    keepFiringForS: 5 * MINUTE_S,
    summary: '{{ $labels.job }}: {{ $value | humanizePercentage }} of the calls are refused because there are too many',
    description:
      'In the last five minutes, more than 5 % of the calls were refused and told to retry later. Accepted calls are answered in time.',
    runbook: {
      means: 'A handoff server gets more calls than it can finish in time, and refuses the rest without starting them.',
      users: 'Agents get HANDOFF_OVERLOADED with the time after which to try again.',
      confirm: 'The board has the reasons: `queue_full`, `queue_timeout` and `bulkhead_full`.',
      mend: [
        'Did the rate of calls rise? Start more replicas, or find the agent that makes so many calls.',
        'If not, calls take longer, which lowers the limit: look at the databases and at the main thread.',
        'Only if neither is overloaded, raise HANDOFF_MAX_CONCURRENT_CALLS or HANDOFF_MAX_WAITING_CALLS.',
      ],
      lies: 'An agent that ignores `retryAfterMs` and retries at once makes the share look worse than it is for other agents.',
    },
  },
  {
    ...ofService,
    name: 'AdmissionLimitAtFloor',
    conditions: (times) => {
      const { admissionCalls, admissionFloor, admissionLimit } = resilienceMetrics;
      const limit = `max by (${PROCESS}) (max_over_time(${selector(seriesName(admissionLimit))}[${times(NOW_S)}]))`;
      const floor = `max by (${PROCESS}) (last_over_time(${selector(seriesName(admissionFloor))}[${times(NOW_S)}]))`;
      // Without load the limit stays where it was, and hinders nobody.
      const calls = `sum by (${PROCESS}) (max_over_time(${selector(seriesName(admissionCalls))}[${times(NOW_S)}]))`;
      return [{ expr: `(${limit} <= ${floor})\n<= 2 * ${calls}` }];
    },
    forS: 10 * MINUTE_S,
    summary: '{{ $labels.job }}: {{ $labels.instance }} runs only {{ $value | printf "%.0f" }} calls at a time, the lowest limit',
    description:
      'Calls have become so slow, or the main thread so delayed, that the concurrency limit has been at its minimum for ten minutes.',
    runbook: {
      means: 'The server has lowered its concurrency limit to the minimum, and calls are still slow.',
      users: 'Calls wait for their turn; when too many do, they are refused (CallsShed).',
      mend: [
        'Is the main thread delayed (board “Node.js runtime”)? Find what uses the CPU, or give the process a whole core.',
        'Are statements slow? See DatabaseSlow and SlowStatements.',
        'The limit rises by itself once calls are as fast as before.',
      ],
      lies: 'Calls that wait for other services are slow without the server being overloaded.',
    },
  },
  {
    ...ofService,
    name: 'MeasurementsDropped',
    conditions: (times) => [{ expr: `${increasedBy(SERVICE, selector(seriesName(measurementMetrics.dropped)), LONG_S, times)} > 0` }],
    summary: '{{ $labels.job }}: {{ $value | printf "%.0f" }} rows of measurements were not written to the database',
    description: 'In the last ten minutes, rows for performance_logs or system_metrics were dropped. Metrics and traces are complete.',
    runbook: {
      means: 'Measurements are missing from the database, and so from reports.',
      users: 'Nothing.',
      mend: [
        'Was the database unavailable for more than an hour? Then older measurements were dropped, and there is nothing to do.',
        'If the database answers, more than 200 calls, statements or cache operations failed or were slow within one interval, and only the first 200 have a row: look at what fails.',
        'Does the log have `handoff.measurements.refused`? The database refuses the rows: run `handoff-otel migrate`, and check the rights on the two tables.',
      ],
      lies: 'An agent in a loop can cause hundreds of identical failures, of which the first 200 say everything.',
    },
  },
  {
    ...ofService,
    area: 'database',
    name: 'SlowStatements',
    conditions: (times) => [
      { expr: `${increasedBy([...SERVICE, STATEMENT], selector(seriesName(measurementMetrics.slowStatements)), LONG_S, times)} >= 10` },
    ],
    summary: `{{ $labels.job }}: {{ $labels.${STATEMENT} }} was slow {{ $value | printf "%.0f" }} times in ten minutes`,
    description: 'Each of these runs took more than half a second, including the wait for a connection. Most statements take milliseconds.',
    runbook: {
      means: 'One statement of a handoff server is slow repeatedly.',
      users: 'The calls that need it take longer.',
      confirm:
        "performance_logs has each slow run with its session: `SELECT * FROM performance_logs WHERE operation = 'STATEMENT' ORDER BY created_at DESC`.",
      mend: [
        "Does it wait for a lock? `SELECT pid, wait_event_type, query FROM pg_stat_activity WHERE wait_event_type = 'Lock'`.",
        'Has somebody added a trigger or dropped an index? `handoff-otel migrate` says whether the schema is as it should be.',
        'Does one session have very many entries? Then reading it is slow.',
        'Otherwise look at its plan (`EXPLAIN (ANALYZE, BUFFERS)`), and whether autovacuum keeps up.',
      ],
      lies: 'Statements of the archive and of sweeps that move much at a time may take so long in a large database.',
    },
  },
];
