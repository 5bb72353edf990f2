import { countedSituations } from '../harness/counted.js';
import { levelSituations } from '../harness/level.js';
import { fires, firesSomehow, silent } from '../harness/proof.js';
import type { Proof, Situation } from '../harness/proof.js';

const SHOP = 'job="shop",deployment_environment_name="production"';
const labels = { job: 'shop', deployment_environment_name: 'production' };
const PROCESS = `${SHOP},instance="shop-1"`;
const ofService = { severity: 'ticket', area: 'service', board: 'handoff-monitoring' } as const;

const breaker = (dependency: string, state: string): string =>
  `handoff_breaker_state{${PROCESS},handoff_dependency="${dependency}",handoff_circuit_state="${state}"}`;
const breakerOpen = {
  labels: { ...labels, handoff_dependency: 'cache' },
  summary: 'shop: the circuit breaker of the cache has been open for five minutes (servers: 1)',
  description: 'It failed several times in a row, and no probe has succeeded since. Only probes are sent to it.',
};

const limit = `handoff_admission_limit{${PROCESS}}`;
const floor = `handoff_admission_floor{${PROCESS}}`;
const calls = (state: string): string => `handoff_admission_calls{${PROCESS},handoff_admission_state="${state}"}`;
const atFloor = {
  labels: { ...labels, instance: 'shop-1' },
  summary: 'shop: shop-1 runs only 16 calls at a time, the lowest limit',
  description:
    'Calls have become so slow, or the main thread so delayed, that the concurrency limit has been at its minimum for ten minutes.',
};
const load = { [calls('running')]: '16x200', [calls('waiting')]: '4x200' };

const atFloorSituations: readonly Situation[] = [
  {
    name: 'the limit falls to its floor, and rises',
    samples: { ...load, [floor]: '16x200', [limit]: '64x20 16x60 17x60' },
    at: [silent(34), fires(37, atFloor), fires(80, atFloor), silent(83)],
  },
  { name: 'it stays just above', samples: { ...load, [floor]: '16x200', [limit]: '17x100' }, at: [silent(40), silent(90)] },
  {
    name: 'it rises for a moment now and then',
    samples: { ...load, [floor]: '16x200', [limit]: '16x8 20 16x8 20 16x8 20 16x8 20 16x8 20' },
    at: [silent(20), silent(30), silent(44)],
  },
  {
    name: 'nobody calls, so that it hinders nobody',
    samples: { [calls('running')]: '1x100', [calls('waiting')]: '0x100', [floor]: '16x100', [limit]: '16x100' },
    at: [silent(40), silent(90)],
  },
  {
    name: 'just enough calls, running and waiting together',
    samples: { [calls('running')]: '6x100', [calls('waiting')]: '2x100', [floor]: '16x100', [limit]: '16x100' },
    at: [fires(20, atFloor)],
  },
  {
    name: 'just too few calls',
    samples: { [calls('running')]: '6x100', [calls('waiting')]: '1.9x100', [floor]: '16x100', [limit]: '16x100' },
    at: [silent(20), silent(90)],
  },
  {
    name: 'calls come in bursts, five minutes apart',
    samples: {
      [calls('running')]: Array.from({ length: 20 }, () => '50 0x3').join(' '),
      [calls('waiting')]: '0x100',
      [floor]: '16x100',
      [limit]: '16x100',
    },
    at: [fires(40, atFloor), fires(41, atFloor), fires(42, atFloor), fires(43, atFloor)],
  },
  {
    name: 'a load of half an hour is over after five more minutes',
    samples: { [calls('running')]: '0x20 16x30 0x50', [calls('waiting')]: '0x100', [floor]: '16x100', [limit]: '16x100' },
    at: [silent(30), fires(32, atFloor), fires(50, atFloor), fires(54, atFloor), silent(57)],
  },
  {
    name: 'the process ends while it fires',
    samples: { [calls('running')]: '16x60', [floor]: '16x60', [limit]: '16x60' },
    at: [fires(60, atFloor), fires(63, atFloor), silent(66)],
  },
  {
    name: 'it says no floor any more',
    samples: { ...load, [floor]: '16x40', [limit]: '16x100' },
    at: [fires(43, atFloor), silent(47)],
  },
  { name: 'its limit cannot move, so that there is no floor', samples: { ...load, [limit]: '16x100' }, at: [silent(60)] },
  { name: 'there is no such series', samples: {}, at: [silent(40)] },
];

export const protectionProofs: readonly Proof[] = [
  {
    ...ofService,
    alert: 'CircuitBreakerOpen',
    situations: [
      ...levelSituations({
        samples: (values) => ({ [breaker('cache', 'open')]: values, [breaker('cache', 'closed')]: '1x200' }),
        quiet: 0,
        above: 1,
        below: 0,
        forMinutes: 5,
        firing: breakerOpen,
      }),
      {
        name: 'it is tried out in between',
        samples: {
          [breaker('cache', 'open')]: Array(20).fill('1 0').join(' '),
          [breaker('cache', 'half_open')]: Array(20).fill('0 1').join(' '),
        },
        at: [fires(10, breakerOpen), fires(11, breakerOpen)],
      },
    ],
  },
  {
    ...ofService,
    alert: 'FeatureLeftOut',
    situations: levelSituations({
      samples: (values) => ({ [`handoff_degraded{${PROCESS},handoff_feature="jobs"}`]: values }),
      quiet: 0,
      above: 1,
      below: 0,
      forMinutes: 15,
      firing: {
        labels: { ...labels, handoff_feature: 'jobs' },
        summary: 'shop: the feature jobs has been off for 15 minutes (servers: 1)',
        description: 'Calls are answered without it. Tool answers tell agents so (`degraded`).',
      },
    }),
  },
  { ...ofService, alert: 'AdmissionLimitAtFloor', situations: atFloorSituations },
  {
    ...ofService,
    alert: 'MeasurementsDropped',
    situations: countedSituations({
      series: `handoff_measurements_dropped_total{${PROCESS}}`,
      least: 1,
      windowMinutes: 10,
      firing: {
        labels,
        summary: 'shop: 1 rows of measurements were not written to the database',
        description: 'In the last ten minutes, rows for performance_logs or system_metrics were dropped. Metrics and traces are complete.',
      },
    }),
  },
  {
    ...ofService,
    area: 'database',
    alert: 'SlowStatements',
    situations: [
      ...countedSituations({
        series: `handoff_statements_slow_total{${PROCESS},handoff_statement_name="handoff_append"}`,
        least: 10,
        windowMinutes: 10,
        firing: {
          labels: { ...labels, handoff_statement_name: 'handoff_append' },
          summary: 'shop: handoff_append was slow 10 times in ten minutes',
          description:
            'Each of these runs took more than half a second, including the wait for a connection. Most statements take milliseconds.',
        },
      }),
      {
        name: 'ten slow runs of two statements',
        samples: {
          [`handoff_statements_slow_total{${PROCESS},handoff_statement_name="handoff_append"}`]: '_x70 6x30',
          [`handoff_statements_slow_total{${PROCESS},handoff_statement_name="handoff_list"}`]: '_x70 4x30',
        },
        at: [silent(72), firesSomehow(72, 0)],
      },
    ],
  },
];
