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
    summary: `{{ $labels.job }}: {{ $value | printf "%.0f" }} servers have left the {{ $labels.${DEPENDENCY} }} alone for five minutes`,
    description: 'It failed several times in a row, and no probe has succeeded since. Nothing but probes is sent to it.',
    runbook: {
      means: 'A circuit breaker is open. It closes by itself with the first probe that succeeds; probes are sent every few seconds.',
      users:
        'With `database` every call is refused at once, and told when to come back. With `cache` calls take a little longer. With `archive` archived sessions cannot be read.',
      confirm: 'The log record `handoff.breaker.opened` has the error that opened it.',
      mend: [
        'Look at the dependency, and not at the server: does it run, can it be reached from there, does it answer in time?',
        '`cache`: `redis-cli -h HOST ping`. A Redis that hangs (a slow command, a full disk) answers no probe.',
        'The server goes on by itself when it answers; do not restart it.',
      ],
      lies: 'It never does: somebody has failed for five minutes. Without traffic nobody may have noticed.',
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
    summary: `{{ $labels.job }}: {{ $value | printf "%.0f" }} servers have worked without {{ $labels.${FEATURE} }} for a quarter of an hour`,
    description: 'Calls are answered without it. Answers of tools say so to agents (`degraded`).',
    runbook: {
      means: 'A feature is off: it failed, and is used again by itself when it works.',
      users:
        '`cache`: the same answers, slower. `archive`: archived entries may not be readable, and ended sessions stay in the database. `jobs`: nothing expires and nothing is archived until jobs run again.',
      confirm: 'The log record `handoff.feature.degraded` has the reason.',
      mend: [
        '`cache`: see RedisUnavailable. `archive`: see ArchiveFails.',
        '`jobs`: `handoff.job.engine_failed` in the log says what keeps the queue from its work; the schema of the jobs, and the rights on it, are the usual reasons.',
      ],
      lies: 'It never does: the server does without the feature.',
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
    description: 'In the last five minutes more than one call in twenty was told to come back later. What is accepted is answered in time.',
    runbook: {
      means: 'A handoff server gets more calls than it can finish in time, and refuses the rest before it begins them.',
      users: 'Agents get HANDOFF_OVERLOADED with the time after which to try again.',
      confirm: 'The board has the reasons: `queue_full`, `queue_timeout` and `bulkhead_full`.',
      mend: [
        'Did the rate of calls rise? Start more replicas, or find the agent that calls so often.',
        'Did it not? Then calls take longer: look at the databases and at the main thread. The limit falls when they do.',
        'Only when neither is short of anything: raise HANDOFF_MAX_CONCURRENT_CALLS or HANDOFF_MAX_WAITING_CALLS.',
      ],
      lies: 'An agent that repeats its calls at once, whatever it is told, makes the share look worse than it is for the others.',
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
    summary: '{{ $labels.job }}: {{ $labels.instance }} runs no more than {{ $value | printf "%.0f" }} calls at a time, the least there is',
    description:
      'Calls have become so slow, or the main thread so late, that the limit of calls has been as low as it gets for ten minutes.',
    runbook: {
      means: 'The server has lowered the number of calls that it runs at a time as far as it may, and they are still slow.',
      users: 'Calls wait for their turn; when too many do, they are refused (CallsShed).',
      mend: [
        'Is the main thread late (board “Node.js runtime”)? Find what computes, or give the process a whole core.',
        'Are statements slow? See DatabaseSlow and SlowStatements.',
        'The limit rises by itself when calls are as quick as they used to be.',
      ],
      lies: 'A service whose calls wait for other services by nature has slow calls without being short of anything.',
    },
  },
  {
    ...ofService,
    name: 'MeasurementsDropped',
    conditions: (times) => [{ expr: `${increasedBy(SERVICE, selector(seriesName(measurementMetrics.dropped)), LONG_S, times)} > 0` }],
    summary: '{{ $labels.job }}: {{ $value | printf "%.0f" }} rows of measurements were not written to the database',
    description: 'In the last ten minutes rows of performance_logs or system_metrics were given up. Metrics and traces have all of it.',
    runbook: {
      means: 'What the servers measured is missing from their database, and so from the statistics that are made of it.',
      users: 'Nothing.',
      mend: [
        'Was the database away for more than an hour? Then older intervals were given up: nothing is to be done.',
        'Does it answer? Then more than 200 calls, statements or uses of the cache failed or were slow within one interval, and only the first of them have a row: look at what fails.',
        'Does the log have `handoff.measurements.refused`? The database does not take what is written: run `handoff-otel migrate`, and look at the rights on the two tables.',
      ],
      lies: 'An agent in a loop that asks for what does not exist makes hundreds of failures, of which the first 200 say everything.',
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
    description: 'Each of these runs took more than half a second, the wait for a connection included. Most statements take milliseconds.',
    runbook: {
      means: 'One statement of a handoff server is slow again and again, while the others need not be.',
      users: 'The calls that need it take longer.',
      confirm:
        "performance_logs has each slow run with its session: `SELECT * FROM performance_logs WHERE operation = 'STATEMENT' ORDER BY created_at DESC`.",
      mend: [
        "Does it wait for a lock? `SELECT pid, wait_event_type, query FROM pg_stat_activity WHERE wait_event_type = 'Lock'`.",
        'Has somebody added a trigger or dropped an index? `handoff-otel migrate` says whether the schema is ours.',
        'Has one session very many entries? Then its reads are slow by nature.',
        'Otherwise look at its plan (`EXPLAIN (ANALYZE, BUFFERS)`), and whether autovacuum keeps up.',
      ],
      lies: 'Statements of the archive and of sweeps that move much at a time may take so long in a large database.',
    },
  },
];
