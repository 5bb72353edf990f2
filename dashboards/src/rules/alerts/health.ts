import { healthMetrics } from '../../../../src/telemetry/catalogue/health.js';
import { ATTR_HANDOFF_COMPONENT_NAME, ATTR_HANDOFF_COMPONENT_STATE } from '../../../../src/telemetry/semconv.js';
import { boards } from '../../boardList.js';
import { differs, equals, matches, selector } from '../../names/selectors.js';
import { labelName, seriesName } from '../../names/series.js';
import type { AlertDefinition } from '../alert.js';
import { SERVICE } from '../serviceLevels.js';
import { MINUTE_S } from '../times.js';

const NOW_S = 5 * MINUTE_S;
const PART = labelName(ATTR_HANDOFF_COMPONENT_NAME);
const BY = [...SERVICE, 'instance'].join(', ');
const state = seriesName(healthMetrics.state);
/** All parts together. */
const OVERALL = 'overall';

const ofHealth = { area: 'service', board: boards.lifecycle } as const;

/** What the servers say of themselves: it names the part, and needs no traffic. */
export const healthAlerts: readonly AlertDefinition[] = [
  {
    ...ofHealth,
    name: 'ServerUnhealthy',
    severity: 'page',
    conditions: (times) => {
      const unhealthy = selector(state, [equals(ATTR_HANDOFF_COMPONENT_NAME, OVERALL), equals(ATTR_HANDOFF_COMPONENT_STATE, 'unhealthy')]);
      return [{ expr: `max by (${BY}) (last_over_time(${unhealthy}[${times(NOW_S)}])) > 0` }];
    },
    forS: MINUTE_S,
    keepFiringForS: 2 * MINUTE_S,
    summary: '{{ $labels.job }}: {{ $labels.instance }} says that it is unhealthy',
    description: 'For a minute the server has said that a part without which no call succeeds is broken.',
    runbook: {
      means: 'The database of a handoff server does not answer or accepts no writes, or its memory or its disk is full.',
      users: 'Calls fail.',
      confirm: '`handoff-otel health`, or `/health` of the admin port: each part that is not well has a reason, and advice on what to do.',
      mend: [
        'Do what the advice says; docs/monitoring.md explains each reason.',
        'Does DatabaseUnavailable fire as well? Its page says more.',
        'The server recovers by itself once the part does; do not restart it for a database.',
      ],
      lies: 'A server that was ended while it was unhealthy fires it for five minutes more where metrics are pushed.',
    },
  },
  {
    ...ofHealth,
    name: 'ServerPartBroken',
    severity: 'ticket',
    conditions: (times) => {
      const broken = selector(state, [
        differs(ATTR_HANDOFF_COMPONENT_NAME, OVERALL),
        matches(ATTR_HANDOFF_COMPONENT_STATE, 'degraded|unhealthy'),
      ]);
      return [{ expr: `max by (${BY}, ${PART}) (last_over_time(${broken}[${times(NOW_S)}])) > 0` }];
    },
    forS: 5 * MINUTE_S,
    keepFiringForS: 2 * MINUTE_S,
    summary: `{{ $labels.job }}: {{ $labels.${PART} }} of {{ $labels.instance }} is not healthy`,
    description: 'For five minutes the server has said that this part is degraded or unhealthy.',
    runbook: {
      means: 'A part of a handoff server is broken, slow or nearly full. Calls may go on without it.',
      users:
        'With `redis`, `jobs`, `archive` or `telemetry` hardly anything at once; with `database`, `memory` or `disk` calls fail, or soon will.',
      confirm: '`handoff-otel health`, or `/health` of the admin port, says why, and what to do.',
      mend: ['Do what the advice says; docs/monitoring.md explains each reason.'],
      lies: 'Parts that are read from the database are unknown, and therefore not healthy, while it is away.',
    },
  },
];
