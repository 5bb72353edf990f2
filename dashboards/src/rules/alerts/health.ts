import { healthMetrics, resourceLimits } from '../../../../src/telemetry/catalogue/health.js';
import type { HealthComponent, Resource } from '../../../../src/telemetry/catalogue/health.js';
import { resilienceMetrics } from '../../../../src/telemetry/catalogue/resilience.js';
import { ATTR_HANDOFF_COMPONENT_NAME, ATTR_HANDOFF_RESOURCE_NAME } from '../../../../src/telemetry/semconv.js';
import { boards } from '../../boardList.js';
import { equals, matches, matchesNot, selector } from '../../names/selectors.js';
import { countSeries, labelName, seriesName } from '../../names/series.js';
import type { AlertDefinition } from '../alert.js';
import { increasedBy } from '../increased.js';
import { SERVICE } from '../serviceLevels.js';
import { MINUTE_S } from '../times.js';
import type { Times } from '../times.js';
import { serversIn } from './serversIn.js';

const NOW_S = 5 * MINUTE_S;
/** Twenty of the intervals at which healthy parts are looked at. */
const UNTOLD_S = 10 * MINUTE_S;
const PART = labelName(ATTR_HANDOFF_COMPONENT_NAME);
const RESOURCE = labelName(ATTR_HANDOFF_RESOURCE_NAME);
const BY_SERVICE = SERVICE.join(', ');
const BY_PROCESS = [...SERVICE, 'instance'];

/** Parts with an alert that says more: the whole, what is full, and what callers go without. */
const TOLD_BY_OTHERS: readonly (HealthComponent | 'overall')[] = ['overall', 'disk', 'memory'];
const TOLD_BY_OTHERS_WHEN_DEGRADED: readonly (HealthComponent | 'overall')[] = [...TOLD_BY_OTHERS, 'event_loop', 'features'];

const ofHealth = { area: 'service', board: boards.monitoring } as const;
const ADVICE =
  'The record `handoff.health.changed` of the log, and `/health` of the server, have the reason and what to do; docs/monitoring.md explains the reasons.';

/** The fullest process, where it is beyond the share from which on its health is degraded. */
function fullest(resources: readonly Resource[], share: number, times: Times): string {
  const series = selector(seriesName(healthMetrics.utilization), [matches(ATTR_HANDOFF_RESOURCE_NAME, resources.join('|'))]);
  return `max by (${BY_SERVICE}, ${RESOURCE}) (last_over_time(${series}[${times(NOW_S)}])) >= ${String(share)}`;
}

/** What the checks of handoff servers find. */
export const healthAlerts: readonly AlertDefinition[] = [
  {
    ...ofHealth,
    name: 'ServerUnhealthy',
    severity: 'page',
    conditions: (times) => [{ expr: serversIn('unhealthy', equals(ATTR_HANDOFF_COMPONENT_NAME, 'overall'), BY_SERVICE, times) }],
    forS: 2 * MINUTE_S,
    summary: '{{ $labels.job }}: {{ $value | printf "%.0f" }} servers say that they are unhealthy',
    description:
      'A part without which a handoff server is of no use is unhealthy: its database, its memory, or the disk of its embedded database.',
    runbook: {
      means: 'Servers say of themselves that they cannot serve. `/readyz` and `/health` answer 503, so that a balancer sends them nothing.',
      users: 'If it is all servers of the service, every call fails; if it is some, the others have more to do.',
      confirm: ADVICE,
      mend: [
        'The board names the part: `database` with `read_only` is a standby or a full disk of PostgreSQL, with `access_denied` a changed password, with `too_many_connections` pools that are too large together.',
        '`memory`: restart the process if it cannot wait, and see MemoryNearLimit. `disk`: see DiskNearLimit.',
        'A server that is mended says so within five seconds; do not restart it for that.',
      ],
      lies: 'While the whole service is stopped and started anew it may fire for a moment, if the database comes up last.',
    },
  },
  {
    ...ofHealth,
    name: 'PartUnhealthy',
    severity: 'ticket',
    conditions: (times) => [
      {
        expr: serversIn(
          'unhealthy',
          matchesNot(ATTR_HANDOFF_COMPONENT_NAME, TOLD_BY_OTHERS.join('|')),
          [...SERVICE, PART].join(', '),
          times,
        ),
      },
    ],
    forS: 5 * MINUTE_S,
    summary: `{{ $labels.job }}: {{ $labels.${PART} }} is unhealthy in {{ $value | printf "%.0f" }} servers`,
    description: 'The check of this part has failed for five minutes. Unless it is the database, calls are answered without it.',
    runbook: {
      means: 'A part of a handoff server does not answer or cannot be used.',
      users: 'With `redis` a little more time. With `archive`, archived sessions cannot be read. With `database`, everything fails.',
      confirm: ADVICE,
      mend: [
        'Read the reason on the board and the advice in the log: they say what to look at first.',
        '`access_denied`, `missing`, `read_only`: the set-up is wrong, and nothing will mend itself.',
        '`unreachable`, `timed_out`: look at the part itself, and at the network between it and the server.',
      ],
      lies: 'A check that takes longer than two seconds counts as unhealthy, also when only this server is slow.',
    },
  },
  {
    ...ofHealth,
    name: 'PartDegraded',
    severity: 'ticket',
    conditions: (times) => [
      {
        expr: serversIn(
          'degraded',
          matchesNot(ATTR_HANDOFF_COMPONENT_NAME, TOLD_BY_OTHERS_WHEN_DEGRADED.join('|')),
          [...SERVICE, PART].join(', '),
          times,
        ),
      },
    ],
    forS: 30 * MINUTE_S,
    summary: `{{ $labels.job }}: {{ $labels.${PART} }} has been degraded for half an hour in {{ $value | printf "%.0f" }} servers`,
    description: 'Calls are answered, but something is missing, late or about to run out, and it does not pass by itself.',
    runbook: {
      means: 'A part of a handoff server works less well than it should, for long.',
      users: 'Nothing yet.',
      confirm: ADVICE,
      mend: [
        '`migrations`: deploy the version that the database was migrated for, or run `handoff-otel migrate`.',
        '`jobs`, `sweeps`, `partitions`: see get_job_status, and run the job with run_job_now.',
        '`telemetry`: the collector does not take everything; its own alerts say more.',
      ],
      lies: 'During a deploy that is paused half-way, servers of the older version say that the database is `newer`.',
    },
  },
  {
    ...ofHealth,
    name: 'MemoryNearLimit',
    severity: 'ticket',
    conditions: (times) => [{ expr: fullest(['heap', 'memory'], resourceLimits.memoryShare, times) }],
    forS: 5 * MINUTE_S,
    summary: `{{ $labels.job }}: {{ $value | humanizePercentage }} of the limit of its {{ $labels.${RESOURCE} }} is used`,
    description: 'For five minutes a server has used four fifths and more. At the limit the process ends, and the calls in it fail.',
    runbook: {
      means: '`heap`: the JavaScript heap is close to what V8 allows. `memory`: the process is close to what its container allows.',
      users: 'Nothing yet, or slow calls because of garbage collection. Soon the process ends.',
      mend: [
        'Does it only grow (board “Node.js runtime”, alert HeapGrows)? Something is kept: take a heap snapshot, then restart the process.',
        '`heap`: raise `--max-old-space-size` in NODE_OPTIONS. `memory`: raise the limit of the container; the heap should have three quarters of it.',
        'Lower the limits of answers and of packages (HANDOFF_MAX_ANSWER_BYTES) if single calls take so much.',
      ],
      lies: 'V8 collects garbage late when it has room: right after start a small heap may look full.',
    },
  },
  {
    ...ofHealth,
    name: 'DiskNearLimit',
    severity: 'ticket',
    conditions: (times) => [{ expr: fullest(['disk'], resourceLimits.diskShare, times) }],
    forS: 5 * MINUTE_S,
    summary: '{{ $labels.job }}: {{ $value | humanizePercentage }} of the disk of its data folder is used',
    description: 'The file system with the embedded database or the archive fills up. When it is full, writes fail.',
    runbook: {
      means: 'The file system of HANDOFF_DATA_DIR, or of HANDOFF_ARCHIVE_DIR, has less than a tenth left.',
      users: 'Nothing yet. When it is full, sessions are not archived; with the embedded database every write fails.',
      confirm: '`df` of the folder on the machine of the server. Others may use the same file system.',
      mend: [
        'Free space: what else is on it?',
        'Make it larger.',
        'Keep less: docs/retention.md says what each policy keeps, and for how long.',
      ],
      lies: 'A file system of terabytes has much left at nine tenths.',
    },
  },
  {
    ...ofHealth,
    name: 'HealthNotTold',
    severity: 'ticket',
    conditions: (times) => {
      const servers = `last_over_time(${selector(seriesName(resilienceMetrics.admissionLimit))}[${times(NOW_S)}]`;
      const by = BY_PROCESS.join(', ');
      const checks = increasedBy(BY_PROCESS, selector(countSeries(healthMetrics.checkDuration)), UNTOLD_S, times);
      return [
        {
          expr: [
            `count by (${BY_SERVICE}) (`,
            `  count by (${by}) (${servers}))`,
            `  and count by (${by}) (${servers} offset ${times(UNTOLD_S)}))`,
            `  unless (${checks} > 0)`,
            ')',
          ].join('\n'),
        },
      ];
    },
    forS: 5 * MINUTE_S,
    summary: '{{ $labels.job }}: {{ $value | printf "%.0f" }} servers have not looked at their health for ten minutes',
    description:
      'They are up and send metrics, and what they say about their health is old: neither the other alerts nor a probe can go by it.',
    runbook: {
      means: 'A handoff server does not check its parts any more, or hardly ever.',
      users: 'Nothing. But a part may be out of order without anybody being told.',
      mend: [
        'Is HANDOFF_HEALTH_CHECK_INTERVAL_MS set to ten minutes or more? Take it back: a check costs a millisecond.',
        'Ask `/health`: is the age of every part large? Then restart the process, and report it with the log around the time of the last check.',
        'Are the metrics scraped from the admin port, and is the main thread stalled? Then the port serves the last metrics it has: see `/livez`.',
      ],
      lies: 'An interval of ten minutes and more, set on purpose, looks the same.',
    },
  },
];
