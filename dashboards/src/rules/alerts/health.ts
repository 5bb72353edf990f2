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
  'The log record `handoff.health.changed` and `/health` of the server have the reason and what to do; docs/monitoring.md explains the reasons.';

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
    summary: '{{ $labels.job }}: unhealthy servers: {{ $value | printf "%.0f" }}',
    description: 'A critical part of a handoff server is unhealthy: its database, its memory, or the disk of its embedded database.',
    runbook: {
      means:
        'Servers report that they cannot serve calls. `/readyz` and `/health` answer 503, so that load balancers send them no traffic.',
      users: 'If all servers of the service are affected, every call fails; otherwise, the other servers have more load.',
      confirm: ADVICE,
      mend: [
        'The board names the part: `database` with `read_only` is a standby or a full disk of PostgreSQL, with `access_denied` a changed password, with `too_many_connections` pools that are too large together.',
        '`memory`: restart the process if it cannot wait, and see MemoryNearLimit. `disk`: see DiskNearLimit.',
        'Once the cause is fixed, the server is healthy again within five seconds; you need not restart it.',
      ],
      lies: 'It may fire briefly while the whole service restarts, if the database starts last.',
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
    summary: `{{ $labels.job }}: {{ $labels.${PART} }} is unhealthy (servers: {{ $value | printf "%.0f" }})`,
    description: 'The check of this part has failed for five minutes. Unless it is the database, calls are still answered.',
    runbook: {
      means: 'A part of a handoff server does not answer or cannot be used.',
      users:
        'With `redis`, calls take a little longer. With `archive`, archived sessions cannot be read. With `database`, every call fails.',
      confirm: ADVICE,
      mend: [
        'Read the reason on the board and the advice in the log: they say what to look at first.',
        '`access_denied`, `missing`, `read_only`: the set-up is wrong, and somebody has to correct it.',
        '`unreachable`, `timed_out`: look at the part itself, and at the network between it and the server.',
      ],
      lies: 'A check that takes longer than two seconds counts as unhealthy, even if only this server is slow.',
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
    summary: `{{ $labels.job }}: {{ $labels.${PART} }} has been degraded for half an hour (servers: {{ $value | printf "%.0f" }})`,
    description: 'Calls are answered, but something has been missing, late or nearly used up for half an hour.',
    runbook: {
      means: 'A part of a handoff server has not worked as it should for half an hour.',
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
    description:
      'A server has used more than 80 % for five minutes. If it reaches the limit, the process is killed and its running calls fail.',
    runbook: {
      means: '`heap`: the JavaScript heap is close to what V8 allows. `memory`: the process is close to what its container allows.',
      users: 'Nothing yet, or slow calls because of garbage collection. If memory runs out, the process is killed.',
      mend: [
        'Does it only ever grow (board “Node.js runtime”, alert HeapGrows)? That is probably a leak: take a heap snapshot, then restart the process.',
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
      lies: 'A file system of several terabytes still has a lot of space at 90 %.',
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
    summary: '{{ $labels.job }}: health not checked for ten minutes (servers: {{ $value | printf "%.0f" }})',
    description:
      'They are up and send metrics, but their health reports are outdated, so that neither the other alerts nor probes can rely on them.',
    runbook: {
      means: 'A handoff server no longer checks its parts, or does so very rarely.',
      users: 'Nothing. But a part may have failed without an alert.',
      mend: [
        'Is HANDOFF_HEALTH_CHECK_INTERVAL_MS set to ten minutes or more? Use a shorter interval: a check costs about a millisecond.',
        'Ask `/health`: is the age of every part large? Then restart the process, and report it with the log around the time of the last check.',
        'Are the metrics scraped from the admin port, and is the main thread stalled? Then the port serves the last metrics it has: see `/livez`.',
      ],
      lies: 'An interval of ten minutes and more, set on purpose, looks the same.',
    },
  },
];
