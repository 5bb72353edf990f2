import { countedSituations } from '../harness/counted.js';
import { kinds } from '../harness/kinds.js';
import { levelSituations } from '../harness/level.js';
import { fires, firesSomehow, silent } from '../harness/proof.js';
import type { Proof, Situation } from '../harness/proof.js';

const SHOP = 'job="shop",deployment_environment_name="production",instance="shop-1"';
const labels = { job: 'shop', deployment_environment_name: 'production' };
const pool = { ...labels, instance: 'shop-1', db_client_connection_pool_name: 'orders' };
const POOL = `${SHOP},db_client_connection_pool_name="orders"`;
const statements = (more: string): string => `db_client_operation_duration_seconds_count{${SHOP},db_system_name="postgresql",${more}}`;
const commands = (more: string): string => `db_client_operation_duration_seconds_count{${SHOP},db_system_name="redis",${more}}`;

const unavailable = (series: string): Situation[] =>
  countedSituations({
    series,
    least: 5,
    windowMinutes: 5,
    forMinutes: 1,
    keepMinutes: 2,
    firing: {
      labels,
      summary: 'shop: PostgreSQL does not answer (5 failures in five minutes)',
      description: 'Connections to PostgreSQL are refused, broken or time out.',
    },
  });
const redisAway = (value: number) => ({
  labels,
  summary: `shop: Redis does not answer (${String(value)} failures or reports of servers)`,
  description:
    'At least five connections or commands have failed in five minutes, or a handoff server reports that its Redis is unhealthy. It works without Redis.',
});
const redisIs = (state: string): string =>
  `handoff_health_state{${SHOP},handoff_component_name="redis",handoff_component_state="${state}"}`;
const noRedis = (series: string): Situation[] =>
  countedSituations({
    series,
    least: 5,
    windowMinutes: 5,
    forMinutes: 1,
    keepMinutes: 2,
    firing: redisAway(5),
  });

const cache = (operation: string, result: string): string =>
  `handoff_cache_operations_total{${SHOP},handoff_cache_operation="${operation}",handoff_cache_result="${result}"}`;

const quick = `db_client_operation_duration_seconds_bucket{${SHOP},db_system_name="postgresql",le="0.5"}`;
const slow = {
  labels,
  summary: 'shop: 5.1% of the statements take longer than half a second',
  description: 'In the last ten minutes more than one statement in twenty was slow. Most statements of a handoff server take milliseconds.',
};
const counts = (all: string, fast: string): Record<string, string> => ({ [statements('db_namespace="orders"')]: all, [quick]: fast });

export const databaseProofs: readonly Proof[] = [
  {
    alert: 'DatabaseUnavailable',
    severity: 'page',
    area: 'database',
    board: 'handoff-databases',
    situations: [
      ...unavailable(statements('db_namespace="orders",error_type="57P01"')),
      ...unavailable(`db_client_connection_wait_time_seconds_count{${POOL},error_type="ECONNREFUSED"}`),
      ...kinds(
        (error) => statements(`error_type="${error}"`),
        ['ECONNRESET', 'EPIPE', '08006', '57P03', '57P05', '53300', 'connection_terminated', 'timeout'],
        ['23505', '57014', '57P06', 'client_closed', 'TypeError'],
      ),
      // A pool without a free connection is not a database that does not answer.
      ...kinds((error) => `db_client_connection_wait_time_seconds_count{${POOL},error_type="${error}"}`, ['57P02', '08001'], ['timeout']),
      ...kinds((error) => commands(`error_type="${error}"`), [], ['ECONNREFUSED']),
    ],
  },
  {
    alert: 'DatabaseSlow',
    severity: 'ticket',
    area: 'database',
    board: 'handoff-databases',
    situations: [
      {
        name: 'more than one statement in twenty is slow',
        samples: counts('_x70 1000x200', '_x70 949x200'),
        at: [silent(74), fires(75, slow), fires(84, slow), silent(86)],
      },
      { name: 'a little less', samples: counts('_x70 1000x200', '_x70 951x200'), at: [silent(75), silent(79)] },
      { name: 'of twenty statements two are slow', samples: counts('_x70 20x200', '_x70 18x200'), at: [firesSomehow(75)] },
      { name: 'of nineteen statements two are slow', samples: counts('_x70 19x200', '_x70 17x200'), at: [silent(75), silent(79)] },
      {
        name: 'old series become slow, and quick again',
        samples: counts('0+100x300', '0+100x100 10090+90x60 15490+100x100'),
        at: [silent(100), firesSomehow(120), silent(190)],
      },
      {
        name: 'old series start again at zero',
        samples: counts('0+100x100 0+100x100', '0+100x100 0+100x100'),
        at: [silent(106), silent(112)],
      },
      { name: 'nothing is asked', samples: counts('900x200', '800x200'), at: [silent(100)] },
      {
        name: 'commands of Redis are slow',
        samples: {
          [commands('db_namespace="0"')]: '_x70 100x200',
          [`db_client_operation_duration_seconds_bucket{${SHOP},db_system_name="redis",le="0.5"}`]: '_x70 10x200',
        },
        at: [silent(76)],
      },
      { name: 'there are no statements', samples: {}, at: [silent(75)] },
    ],
  },
  {
    alert: 'DatabasePoolExhausted',
    severity: 'ticket',
    area: 'database',
    board: 'handoff-databases',
    situations: [
      ...levelSituations({
        samples: (values) => ({
          [`db_client_connection_count{${POOL},db_client_connection_state="used"}`]: values,
          [`db_client_connection_count{${POOL},db_client_connection_state="idle"}`]: '50x200',
          [`db_client_connection_limit{${POOL}}`]: values === '' ? '' : '100x200',
        }),
        quiet: 0,
        above: 91,
        below: 90,
        averagedMinutes: 5,
        forMinutes: 5,
        firing: {
          labels: pool,
          summary: 'shop: 91% of the connections to orders are in use',
          description: 'The pool of shop-1 has hardly a free connection; more callers would have to wait.',
        },
      }),
      {
        name: 'the limit is not told any more',
        samples: {
          [`db_client_connection_count{${POOL},db_client_connection_state="used"}`]: '91x100',
          [`db_client_connection_limit{${POOL}}`]: '100x40',
        },
        at: [firesSomehow(44), silent(46)],
      },
    ],
  },
  {
    alert: 'DatabaseConnectionsAwaited',
    severity: 'ticket',
    area: 'database',
    board: 'handoff-databases',
    situations: levelSituations({
      samples: (values) => ({ [`db_client_connection_pending_requests{${POOL}}`]: values }),
      quiet: 0,
      above: 6,
      below: 5,
      averagedMinutes: 5,
      forMinutes: 5,
      firing: {
        labels: pool,
        summary: 'shop: 6 callers wait for a connection to orders',
        description: 'Every connection of the pool of shop-1 is in use, and callers queue up for one.',
      },
    }),
  },
  {
    alert: 'DatabasePoolTimeouts',
    severity: 'ticket',
    area: 'database',
    board: 'handoff-databases',
    situations: countedSituations({
      series: `db_client_connection_timeouts_total{${POOL}}`,
      least: 5,
      windowMinutes: 5,
      keepMinutes: 5,
      firing: {
        labels: { ...labels, db_client_connection_pool_name: 'orders' },
        summary: 'shop: 5 callers got no connection to orders',
        description: 'In the last five minutes they waited until their time limit, and their calls failed.',
      },
    }),
  },
  {
    alert: 'RedisUnavailable',
    severity: 'ticket',
    area: 'database',
    board: 'handoff-databases',
    situations: [
      ...noRedis(cache('connection', 'error')),
      ...kinds((operation) => cache(operation, 'error'), ['set', 'delete'], ['get']),
      // What hangs is left alone after a few writes, and goes on being unhealthy.
      {
        name: 'a server says that its Redis is unhealthy',
        samples: { [redisIs('unhealthy')]: '0x19 1x59 0x40' },
        at: [silent(19), fires(22, redisAway(1)), fires(79, redisAway(1)), silent(90)],
      },
      { name: 'a server says that its Redis is degraded', samples: { [redisIs('degraded')]: '1x100' }, at: [silent(12), silent(60)] },
      // Attempts to connect are few: what is written adds to them.
      {
        name: 'three connections and two writes fail',
        samples: { [cache('connection', 'error')]: '_x9 3x50', [cache('set', 'error')]: '_x9 2x50' },
        at: [firesSomehow(12)],
      },
      {
        name: 'two connections and two writes fail',
        samples: { [cache('connection', 'error')]: '_x9 2x50', [cache('set', 'error')]: '_x9 2x50' },
        at: [silent(12)],
      },
      ...noRedis(commands('db_namespace="0",error_type="ECONNREFUSED"')),
      ...kinds(
        (error) => commands(`error_type="${error}"`),
        [
          'CLUSTERDOWN',
          'MASTERDOWN',
          'LOADING',
          'connection_closed',
          'not_connected',
          'no_node_available',
          'no_sentinel_available',
          'timeout',
        ],
        ['WRONGTYPE', 'NOSCRIPT'],
      ),
      ...kinds((error) => statements(`error_type="${error}"`), [], ['ECONNREFUSED']),
      {
        name: 'misses, and what is done',
        samples: { [cache('get', 'miss')]: '_x9 90x50', [cache('set', 'done')]: '_x9 90x50', [cache('connection', 'done')]: '_x9 90x50' },
        at: [silent(12)],
      },
    ],
  },
];
