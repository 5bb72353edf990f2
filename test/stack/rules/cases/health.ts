import { levelSituations } from '../harness/level.js';
import { fires, firesSomehow, silent } from '../harness/proof.js';
import type { Proof, Situation } from '../harness/proof.js';

const SHOP = 'job="shop",deployment_environment_name="production"';
const labels = { job: 'shop', deployment_environment_name: 'production' };
const ofHealth = { area: 'service', board: 'handoff-monitoring' } as const;

const state = (part: string, is: string, process = 'shop-1'): string =>
  `handoff_health_state{${SHOP},instance="${process}",handoff_component_name="${part}",handoff_component_state="${is}"}`;
const use = (resource: string, process = 'shop-1'): string =>
  `handoff_resource_utilization_ratio{${SHOP},instance="${process}",handoff_resource_name="${resource}"}`;

/** How many servers say that a part is in a state. */
function ofState(part: string, is: string, forMinutes: number, firing: Parameters<typeof fires>[1]): Situation[] {
  return levelSituations({
    samples: (values) => ({ [state(part, is)]: values, [state(part, 'healthy')]: '1x200' }),
    quiet: 0,
    above: 1,
    below: 0,
    forMinutes,
    firing,
  });
}

/** Parts and states of which another alert tells, or nobody. */
const silentFor = (minute: number, ...all: readonly (readonly [part: string, is: string])[]): Situation[] =>
  all.map(([part, is]) => ({
    name: `${part} is ${is}`,
    samples: { [state(part, is)]: '1x100' },
    at: [silent(minute), silent(minute + 30)],
  }));

const unhealthyServers = (count: number) => ({
  labels,
  summary: `shop: unhealthy servers: ${String(count)}`,
  description: 'A critical part of a handoff server is unhealthy: its database, its memory, or the disk of its embedded database.',
});
const unhealthyPart = (part: string) => ({
  labels: { ...labels, handoff_component_name: part },
  summary: `shop: ${part} is unhealthy (servers: 1)`,
  description: 'The check of this part has failed for five minutes. Unless it is the database, calls are still answered.',
});
const degradedPart = (part: string) => ({
  labels: { ...labels, handoff_component_name: part },
  summary: `shop: ${part} has been degraded for half an hour (servers: 1)`,
  description: 'Calls are answered, but something has been missing, late or nearly used up for half an hour.',
});

/** A resource that is nearly used up. */
function ofUse(resource: string, limit: number, others: readonly string[], firing: Parameters<typeof fires>[1]): Situation[] {
  return [
    ...levelSituations({
      samples: (values) => ({ [use(resource)]: values, [use(resource, 'shop-2')]: '0.1x200' }),
      quiet: 0.3,
      above: limit,
      below: limit - 0.01,
      forMinutes: 5,
      firing,
    }),
    ...others.map((other) => ({ name: `${other} says nothing about it`, samples: { [use(other)]: '1x60' }, at: [silent(40)] })),
  ];
}

/** Checks of one server, of its parts together. */
const checks = (process = 'shop-1'): string =>
  `handoff_health_check_duration_seconds_count{${SHOP},instance="${process}",handoff_component_name="redis"}`;
const admits = (process = 'shop-1'): string => `handoff_admission_limit{${SHOP},instance="${process}"}`;
const untold = (count: number) => ({
  labels,
  summary: `shop: health not checked for ten minutes (servers: ${String(count)})`,
  description:
    'They are up and send metrics, but their health reports are outdated, so that neither the other alerts nor probes can rely on them.',
});

const notTold: readonly Situation[] = [
  {
    name: 'it stops looking, and begins again',
    samples: { [admits()]: '64x200', [checks()]: '10+2x30 70x40 72+2x60' },
    at: [silent(43), fires(47, untold(1)), fires(69, untold(1)), silent(73)],
  },
  {
    name: 'it has looked once, at its start',
    samples: { [admits()]: '_x20 64x80', [checks()]: '_x20 1x80' },
    at: [silent(34), fires(38, untold(1)), fires(90, untold(1))],
  },
  {
    name: 'it never looks',
    samples: { [admits()]: '_x20 64x80' },
    at: [silent(34), fires(37, untold(1))],
  },
  {
    name: 'it looks every nine minutes',
    samples: { [admits()]: '64x120', [checks()]: Array.from({ length: 13 }, (_, look) => `${String(look + 1)}x8`).join(' ') },
    at: [silent(60), silent(100)],
  },
  {
    name: 'it looks every sixteen minutes',
    samples: { [admits()]: '64x120', [checks()]: Array.from({ length: 7 }, (_, look) => `${String(look + 1)}x15`).join(' ') },
    at: [fires(63, untold(1))],
  },
  {
    name: 'one of two looks, and of two others neither',
    samples: {
      [admits()]: '64x100',
      [admits('shop-2')]: '64x100',
      [admits('shop-3')]: '64x100',
      [checks('shop-2')]: '0+2x100',
    },
    at: [fires(60, untold(2))],
  },
  {
    name: 'the server ends while it fires',
    samples: { [admits()]: '64x60' },
    at: [fires(60, untold(1)), fires(63, untold(1)), silent(66)],
  },
  {
    name: 'a server is missing for nine minutes, and looks at once when it is back',
    samples: { [admits()]: '64x40 _x9 64x60', [checks()]: '0+2x40 _x9 1+2x60' },
    at: [silent(45), silent(52), silent(60)],
  },
  {
    name: 'a server is missing for nine minutes, and never looks',
    samples: { [admits()]: '64x40 _x9 64x60' },
    at: [fires(40, untold(1)), silent(56), silent(63), fires(67, untold(1))],
  },
  {
    name: 'a server is missing for four minutes, and never looks',
    samples: { [admits()]: '64x40 _x4 64x60' },
    at: [fires(50, untold(1)), fires(54, untold(1)), fires(58, untold(1))],
  },
  {
    name: 'it looks for the first time, once, and goes on telling so',
    samples: { [admits()]: '64x120', [checks()]: '_x40 1x80' },
    at: [fires(39, untold(1)), silent(41), silent(49), silent(52), fires(57, untold(1))],
  },
  {
    name: 'it looks for the first time, once, and says so once',
    samples: { [admits()]: '64x120', [checks()]: '_x40 1' },
    at: [fires(39, untold(1)), silent(42), silent(52), fires(57, untold(1))],
  },
  {
    name: 'its checks are missing for forty minutes, and are then where they were',
    samples: { [admits()]: '64x200', [checks()]: '50x20 _x40 50x80' },
    at: [fires(59, untold(1)), fires(63, untold(1))],
  },
  {
    name: 'its checks are missing for eighty minutes, and count as new',
    samples: { [admits()]: '64x200', [checks()]: '50x20 _x80 50x80' },
    at: [fires(99, untold(1)), silent(103), silent(108)],
  },
  { name: 'counters begin again', samples: { [admits()]: '64x100', [checks()]: '100+2x50 0+2x50' }, at: [silent(53), silent(60)] },
  { name: 'it is no server', samples: { [checks()]: '5x60' }, at: [silent(50)] },
];

export const healthProofs: readonly Proof[] = [
  {
    ...ofHealth,
    severity: 'page',
    alert: 'ServerUnhealthy',
    situations: [
      ...ofState('overall', 'unhealthy', 2, unhealthyServers(1)),
      ...silentFor(20, ['overall', 'degraded'], ['overall', 'healthy'], ['redis', 'unhealthy']),
      {
        name: 'two servers',
        samples: { [state('overall', 'unhealthy')]: '1x30', [state('overall', 'unhealthy', 'shop-2')]: '1x30' },
        at: [fires(10, unhealthyServers(2))],
      },
    ],
  },
  {
    ...ofHealth,
    severity: 'ticket',
    alert: 'PartUnhealthy',
    situations: [
      ...ofState('archive', 'unhealthy', 5, unhealthyPart('archive')),
      ...silentFor(
        20,
        ['overall', 'unhealthy'],
        ['memory', 'unhealthy'],
        ['disk', 'unhealthy'],
        ['redis', 'degraded'],
        ['redis', 'healthy'],
      ),
      {
        name: 'two parts are two alerts',
        samples: { [state('redis', 'unhealthy')]: '1x30', [state('database', 'unhealthy')]: '1x30' },
        at: [fires(10, unhealthyPart('database'), unhealthyPart('redis'))],
      },
    ],
  },
  {
    ...ofHealth,
    severity: 'ticket',
    alert: 'PartDegraded',
    situations: [
      ...ofState('migrations', 'degraded', 30, degradedPart('migrations')),
      ...silentFor(
        50,
        ['overall', 'degraded'],
        ['memory', 'degraded'],
        ['disk', 'degraded'],
        ['event_loop', 'degraded'],
        ['features', 'degraded'],
        ['jobs', 'unhealthy'],
        ['jobs', 'healthy'],
      ),
    ],
  },
  {
    ...ofHealth,
    severity: 'ticket',
    alert: 'MemoryNearLimit',
    situations: [
      ...ofUse('heap', 0.8, ['disk'], {
        labels: { ...labels, handoff_resource_name: 'heap' },
        summary: 'shop: 80% of the limit of its heap is used',
        description:
          'A server has used more than 80 % for five minutes. If it reaches the limit, the process is killed and its running calls fail.',
      }),
      { name: 'the memory of the container', samples: { [use('memory')]: '0.85x60' }, at: [firesSomehow(20)] },
    ],
  },
  {
    ...ofHealth,
    severity: 'ticket',
    alert: 'DiskNearLimit',
    situations: ofUse('disk', 0.9, ['heap', 'memory'], {
      labels: { ...labels, handoff_resource_name: 'disk' },
      summary: 'shop: 90% of the disk of its data folder is used',
      description: 'The file system with the embedded database or the archive fills up. When it is full, writes fail.',
    }),
  },
  { ...ofHealth, severity: 'ticket', alert: 'HealthNotTold', situations: notTold },
];
