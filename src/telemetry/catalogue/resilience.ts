import {
  ATTR_HANDOFF_ADMISSION_STATE,
  ATTR_HANDOFF_CIRCUIT_STATE,
  ATTR_HANDOFF_DEPENDENCY,
  ATTR_HANDOFF_FEATURE,
  ATTR_HANDOFF_SHED_REASON,
} from '../semconv.js';
import type { LogEventDefinition, MetricDefinition, OperationDefinition } from './definitions.js';

/** What calls of a handoff server go to. */
export const dependencies = ['database', 'cache', 'archive'] as const;

/** `open`: nothing is sent. `half_open`: one probe is under way, whose answer decides. */
export const breakerStates = ['closed', 'half_open', 'open'] as const;

/** What a handoff server can do without for a while. */
export const features = ['cache', 'archive', 'jobs'] as const;

/** Why a call was refused before it began. The meaning of a word never changes. */
export const shedReasons = ['queue_full', 'queue_timeout', 'bulkhead_full'] as const;

export const resilienceOperations = {
  recover: {
    name: 'handoff.error.recover',
    description: 'The error handler retries a dependency that failed until it answers (`attemptRecovery`).',
  },
} as const satisfies Record<string, OperationDefinition>;

export const resilienceMetrics = {
  breakerState: {
    name: 'handoff.breaker.state',
    kind: 'gauge',
    unit: '{breaker}',
    description: 'Circuit breaker of each dependency: 1 for its state, 0 for the other two.',
    attributes: [
      { key: ATTR_HANDOFF_DEPENDENCY, values: dependencies },
      { key: ATTR_HANDOFF_CIRCUIT_STATE, values: breakerStates },
    ],
    source: 'handoff-otel',
  },
  breakerRefusals: {
    name: 'handoff.breaker.refusals',
    kind: 'counter',
    unit: '{call}',
    description: 'Calls to a dependency that its open circuit breaker refused, so that nothing was sent.',
    attributes: [{ key: ATTR_HANDOFF_DEPENDENCY, values: dependencies }],
    source: 'handoff-otel',
  },
  requestsShed: {
    name: 'handoff.requests.shed',
    kind: 'counter',
    unit: '{call}',
    description: 'Calls that a handoff server refused without starting them, because it had more than it could finish in time.',
    attributes: [{ key: ATTR_HANDOFF_SHED_REASON, values: shedReasons }],
    source: 'handoff-otel',
  },
  admissionLimit: {
    name: 'handoff.admission.limit',
    kind: 'gauge',
    unit: '{call}',
    description:
      'Maximum number of calls that a handoff server runs at the same time. It follows the measured latency and the delay of the event loop.',
    attributes: [],
    source: 'handoff-otel',
  },
  admissionFloor: {
    name: 'handoff.admission.floor',
    kind: 'gauge',
    unit: '{call}',
    description: 'Lowest value that `handoff.admission.limit` may take. Absent if the limit is fixed.',
    attributes: [],
    source: 'handoff-otel',
  },
  admissionCalls: {
    name: 'handoff.admission.calls',
    kind: 'gauge',
    unit: '{call}',
    description: 'Calls that a handoff server runs, and those that wait for their turn.',
    attributes: [{ key: ATTR_HANDOFF_ADMISSION_STATE, values: ['running', 'waiting'] }],
    source: 'handoff-otel',
  },
  degraded: {
    name: 'handoff.degraded',
    kind: 'gauge',
    unit: '{feature}',
    description: 'Features that a handoff server works without at the moment: 1 for each that is off, 0 for each that works.',
    attributes: [{ key: ATTR_HANDOFF_FEATURE, values: features }],
    source: 'handoff-otel',
  },
  degradedSince: {
    name: 'handoff.degraded.since',
    kind: 'gauge',
    unit: 's',
    description: 'Time at which a handoff server lost each feature that is off, in seconds since 1970; 0 for each feature that works.',
    attributes: [{ key: ATTR_HANDOFF_FEATURE, values: features }],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;

export const resilienceEvents = {
  breakerOpened: {
    name: 'handoff.breaker.opened',
    level: 'warn',
    description: 'A dependency is not used for a while after several failures. The span of the last failed call has an event of this name.',
  },
  breakerClosed: {
    name: 'handoff.breaker.closed',
    level: 'info',
    description: 'A dependency that was not used for a while answers again.',
  },
  requestsRefused: {
    name: 'handoff.requests.refused',
    level: 'warn',
    description: 'Calls were refused because there were too many. At most one record per minute and reason.',
  },
  errorAlert: {
    name: 'handoff.error.alert',
    level: 'warn',
    description: 'An error that somebody should know about (`triggerAlert`). At most one record per minute and code.',
  },
  errorEscalated: {
    name: 'handoff.error.escalated',
    level: 'error',
    description: 'An error that somebody must act on (`escalateError`).',
  },
  alertLost: {
    name: 'handoff.error.alert_lost',
    level: 'warn',
    description: 'An alert could not be passed on in time. The alert itself has already been logged.',
  },
  featureDegraded: {
    name: 'handoff.feature.degraded',
    level: 'warn',
    description: 'A feature is off; `reason` says why. The active span, if there is one, has an event of this name.',
  },
  featureRestored: { name: 'handoff.feature.restored', level: 'info', description: 'A feature that was off works again.' },
} as const satisfies Record<string, LogEventDefinition>;
