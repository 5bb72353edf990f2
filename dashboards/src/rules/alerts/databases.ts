import { databaseMetrics } from '../../../../src/telemetry/catalogue/database.js';
import type { HealthComponent } from '../../../../src/telemetry/catalogue/health.js';
import { storageMetrics } from '../../../../src/telemetry/catalogue/storage.js';
import {
  ATTR_DB_CLIENT_CONNECTION_POOL_NAME,
  ATTR_DB_CLIENT_CONNECTION_STATE,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  ATTR_HANDOFF_CACHE_OPERATION,
  ATTR_HANDOFF_CACHE_RESULT,
  ATTR_HANDOFF_COMPONENT_NAME,
} from '../../../../src/telemetry/semconv.js';
import { boards } from '../../boardList.js';
import { equals, matches, selector } from '../../names/selectors.js';
import { bucketSeries, countSeries, labelName, seriesName } from '../../names/series.js';
import type { AlertDefinition } from '../alert.js';
import { upToBound } from '../bucketBound.js';
import { increasedBy } from '../increased.js';
import { SERVICE } from '../serviceLevels.js';
import { MINUTE_S } from '../times.js';
import { serversIn } from './serversIn.js';

const WINDOW_S = 5 * MINUTE_S;
const SLOW_WINDOW_S = 10 * MINUTE_S;
/** Slower than this is slow for a statement; a bound of the histogram's buckets. */
const SLOW_S = 0.5;

/** Errno names, connection exceptions (class 08), stop and start of PostgreSQL (57P0x), too many connections, and the driver's words. */
const POSTGRESQL_GONE = 'E[A-Z]{3,}|08[0-9A-Z]{3}|57P0[1-5]|53300|connection_terminated';
const REDIS_GONE =
  'E[A-Z]{3,}|CLUSTERDOWN|MASTERDOWN|LOADING|connection_closed|not_connected|no_node_available|no_sentinel_available|timeout';

const POOL = labelName(ATTR_DB_CLIENT_CONNECTION_POOL_NAME);

const postgresql = equals(ATTR_DB_SYSTEM_NAME, 'postgresql');
const redis = equals(ATTR_DB_SYSTEM_NAME, 'redis');
const statements = countSeries(databaseMetrics.operationDuration);

const ofDatabase = { area: 'database', board: boards.databases } as const;

export const databaseAlerts: readonly AlertDefinition[] = [
  {
    ...ofDatabase,
    name: 'DatabaseUnavailable',
    severity: 'page',
    conditions: (times) => {
      // A statement that was stopped, and a caller that could not even get a connection.
      const failed = selector(statements, [postgresql, matches(ATTR_ERROR_TYPE, `${POSTGRESQL_GONE}|timeout`)]);
      const refused = selector(countSeries(databaseMetrics.connectionWaitTime), [matches(ATTR_ERROR_TYPE, POSTGRESQL_GONE)]);
      const many = (counter: string): string => `(${increasedBy(SERVICE, counter, WINDOW_S, times)} >= 5)`;
      return [{ expr: `${many(failed)} or ${many(refused)}` }];
    },
    forS: MINUTE_S,
    keepFiringForS: 2 * MINUTE_S,
    summary: '{{ $labels.job }}: PostgreSQL does not answer ({{ $value | printf "%.0f" }} failures in five minutes)',
    description: 'Connections to PostgreSQL are refused, broken or time out.',
    runbook: {
      means: 'The service cannot reach PostgreSQL, or PostgreSQL is stopping, starting or out of connections.',
      users: 'Every call that reads or writes fails. `/readyz` of a handoff server answers 503.',
      confirm:
        'The label `error_type` of the failures names the cause: `ECONNREFUSED`: nothing listens; `57P01`: an administrator stopped it; `57P03`: it is starting; `53300`: no connection is free; `timeout`: it hangs.',
      mend: [
        'Is PostgreSQL up? `pg_isready -h HOST`. Start it, or wait for the failover to end.',
        '`53300`: who has the connections? `SELECT usename, count(*) FROM pg_stat_activity GROUP BY 1`. Lower the pools or raise `max_connections`.',
        '`timeout`: is the disk full, or a lock held? Look into `pg_stat_activity` for what waits.',
        'The service connects again by itself; do not restart it.',
      ],
      lies: 'A planned restart of PostgreSQL causes it; it then resolves by itself.',
    },
  },
  {
    ...ofDatabase,
    name: 'DatabaseSlow',
    severity: 'ticket',
    conditions: (times) => {
      const all = increasedBy(SERVICE, selector(statements, [postgresql]), SLOW_WINDOW_S, times);
      const quick = selector(bucketSeries(databaseMetrics.operationDuration), [
        postgresql,
        upToBound(databaseMetrics.operationDuration, SLOW_S),
      ]);
      return [{ expr: `1 - ${increasedBy(SERVICE, quick, SLOW_WINDOW_S, times)} / (${all} >= 20) > 0.05` }];
    },
    forS: 5 * MINUTE_S,
    keepFiringForS: 5 * MINUTE_S,
    summary: '{{ $labels.job }}: {{ $value | humanizePercentage }} of the statements take longer than half a second',
    description:
      'In the last ten minutes more than one statement in twenty was slow. Most statements of a handoff server take milliseconds.',
    runbook: {
      means: 'PostgreSQL answers, but slowly.',
      users: 'Calls that need the database take seconds.',
      mend: [
        "Look for locks: `SELECT pid, wait_event_type, state, query FROM pg_stat_activity WHERE wait_event_type = 'Lock'`.",
        'Is the machine of the database busy (CPU, disk)? Is a backup or a vacuum running?',
        'Slow statements are spans of their own in the traces of slow calls; look at the plan of the slowest (`EXPLAIN (ANALYZE, BUFFERS)`).',
      ],
      lies: 'In a service that runs reports, slow statements are normal.',
    },
  },
  {
    ...ofDatabase,
    name: 'DatabasePoolExhausted',
    severity: 'ticket',
    conditions: (times) => {
      const pool = `${SERVICE.join(', ')}, instance, ${POOL}`;
      const now = `[${times(WINDOW_S)}]`;
      const used = selector(seriesName(databaseMetrics.connectionCount), [equals(ATTR_DB_CLIENT_CONNECTION_STATE, 'used')]);
      const limit = selector(seriesName(databaseMetrics.connectionLimit));
      return [{ expr: `sum by (${pool}) (avg_over_time(${used}${now})) / sum by (${pool}) (last_over_time(${limit}${now})) > 0.9` }];
    },
    forS: 5 * MINUTE_S,
    summary: `{{ $labels.job }}: {{ $value | humanizePercentage }} of the connections to {{ $labels.${POOL} }} are in use`,
    description: 'The pool of {{ $labels.instance }} has hardly a free connection; more callers would have to wait.',
    runbook: {
      means: 'Nearly all connections of a pool are handed out, all the time.',
      users: 'Nothing yet, or calls wait for a connection.',
      mend: [
        'Are statements slow? Then connections are held for long: deal with that first.',
        'Are connections held without running a statement (board “PostgreSQL and Redis”, time of use)? Then a handler holds one while it waits for something else.',
        'Otherwise raise the pool, but keep the sum over all replicas below `max_connections`.',
      ],
      lies: 'A pool of one or two connections reaches its limit with every statement.',
    },
  },
  {
    ...ofDatabase,
    name: 'DatabaseConnectionsAwaited',
    severity: 'ticket',
    conditions: (times) => {
      const pending = selector(seriesName(databaseMetrics.connectionPendingRequests));
      return [{ expr: `sum by (${SERVICE.join(', ')}, instance, ${POOL}) (avg_over_time(${pending}[${times(WINDOW_S)}])) > 5` }];
    },
    forS: 5 * MINUTE_S,
    summary: `{{ $labels.job }}: {{ $value | printf "%.0f" }} callers wait for a connection to {{ $labels.${POOL} }}`,
    description: 'Every connection of the pool of {{ $labels.instance }} is in use, and callers queue up for one.',
    runbook: {
      means: 'A pool is too small for its load, or its connections are held for too long.',
      users: 'Calls take longer, and fail when their time limit is over.',
      mend: ['As for DatabasePoolExhausted: slow statements first, then handlers that hold connections, then the size of the pool.'],
      lies: 'Right after a start, all callers wait for the first connections.',
    },
  },
  {
    ...ofDatabase,
    name: 'DatabasePoolTimeouts',
    severity: 'ticket',
    conditions: (times) => {
      const by = [...SERVICE, POOL];
      return [{ expr: `${increasedBy(by, selector(seriesName(databaseMetrics.connectionTimeouts)), WINDOW_S, times)} >= 5` }];
    },
    keepFiringForS: 5 * MINUTE_S,
    summary: `{{ $labels.job }}: {{ $value | printf "%.0f" }} callers got no connection to {{ $labels.${POOL} }}`,
    description: 'In the last five minutes they waited until their time limit, and their calls failed.',
    runbook: {
      means: 'Callers gave up waiting for a connection from the pool.',
      users: 'Their calls failed.',
      mend: ['Does DatabaseUnavailable fire? Then the pool is not the reason.', 'Otherwise as for DatabasePoolExhausted.'],
      lies: 'If connecting takes longer than the time limit of the pool (a database far away), callers time out without a full pool.',
    },
  },
  {
    ...ofDatabase,
    name: 'RedisUnavailable',
    severity: 'ticket',
    conditions: (times) => {
      // A lost connection is tried again every two seconds at most, and writes are no longer tried once the circuit breaker is open: a
      // server with few calls, or whose Redis hangs, fails too rarely to be noticed by that, and says so itself. A read counts as a miss.
      const lost = selector(seriesName(storageMetrics.cacheOperations), [
        matches(ATTR_HANDOFF_CACHE_OPERATION, 'connection|set|delete'),
        equals(ATTR_HANDOFF_CACHE_RESULT, 'error'),
      ]);
      const failed = selector(statements, [redis, matches(ATTR_ERROR_TYPE, REDIS_GONE)]);
      const many = (counter: string): string => `(${increasedBy(SERVICE, counter, WINDOW_S, times)} >= 5)`;
      const told = serversIn(
        'unhealthy',
        equals(ATTR_HANDOFF_COMPONENT_NAME, 'redis' satisfies HealthComponent),
        SERVICE.join(', '),
        times,
      );
      return [{ expr: `${many(lost)} or ${many(failed)} or (${told})` }];
    },
    forS: MINUTE_S,
    keepFiringForS: 2 * MINUTE_S,
    summary: '{{ $labels.job }}: Redis does not answer ({{ $value | printf "%.0f" }} failures or reports of servers)',
    description:
      'At least five connections or commands have failed in five minutes, or a handoff server reports that its Redis is unhealthy. It works without Redis.',
    runbook: {
      means: 'The service cannot reach Redis.',
      users: 'With a handoff server, calls only take a little longer, since the cache is optional. Your own servers may need Redis.',
      mend: [
        'Is Redis up? `redis-cli -h HOST ping`. With Sentinel: `redis-cli -p 26379 sentinel master NAME`.',
        'Is it out of memory (`OOM`), or loading its file (`LOADING`)? Give it memory, or wait. A handoff server logs what Redis answered, and what to do about it, as `handoff.cache.failed`.',
        'The service connects again by itself; do not restart it.',
      ],
      lies: 'A failover causes it if it takes longer than a minute.',
    },
  },
];
