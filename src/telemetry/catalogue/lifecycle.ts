import {
  ATTR_ERROR_TYPE,
  ATTR_HANDOFF_SESSION_PROBLEM,
  ATTR_HANDOFF_SESSION_STATE_FROM,
  ATTR_HANDOFF_SESSION_STATE_TO,
  ATTR_HANDOFF_SWEEP_NAME,
  ATTR_HANDOFF_TRANSITION_CAUSER,
} from '../semconv.js';
import type { MetricAttribute, MetricDefinition, OperationDefinition } from './definitions.js';

/** What happens to sessions without an agent's doing. */
export const lifecycleOperations = {
  schedule: {
    name: 'handoff.session.schedule_expiration',
    description: 'An operator sets a fixed time at which a session expires (`scheduleExpiration`).',
  },
  expire: { name: 'handoff.session.expire', description: 'An operator ends a session (`expireSession`).' },
  archive: { name: 'handoff.session.archive', description: 'An operator archives a session (`archiveSession`).' },
  sleep: { name: 'handoff.session.mark_dormant', description: 'An operator marks a session dormant (`markSessionDormant`).' },
  wake: { name: 'handoff.session.reactivate', description: 'An operator makes a dormant session active (`reactivateSession`).' },
  sweepAtStart: {
    name: 'handoff.sweep.start',
    description: 'After a server has started, all sweeps except `cache` run once, and sessions that are due are archived.',
  },
  sweepExpired: { name: 'handoff.sweep.expire', description: 'Sessions whose time to live has passed are expired.' },
  sweepDormant: { name: 'handoff.sweep.dormant', description: 'Idle sessions are marked dormant.' },
  sweepPurge: {
    name: 'handoff.sweep.purge',
    description: 'Archived sessions are deleted when the time that their retention policy allows has passed.',
  },
  sweepOrphans: {
    name: 'handoff.sweep.orphans',
    description: 'Abandoned sessions are expired, and entries without a session and the remains of unfinished archiving are removed.',
  },
  sweepIntegrity: {
    name: 'handoff.sweep.integrity',
    description: 'The database is searched for sessions in impossible states; nothing is deleted.',
  },
  sweepCache: { name: 'handoff.sweep.cache', description: 'Cache entries of dormant and ended sessions are dropped.' },
} as const satisfies Record<string, OperationDefinition>;

export const sweepNames = ['expire', 'dormant', 'purge', 'orphans', 'integrity', 'cache'] as const;
export type SweepName = (typeof sweepNames)[number];

/** What is wrong with a session whose state cannot be. The meaning of a word never changes. */
const sessionProblems = ['unknown_status', 'archived_twice', 'sequence_gap'] as const;

const SWEEP: MetricAttribute = { key: ATTR_HANDOFF_SWEEP_NAME, values: sweepNames };
const STATES = ['active', 'dormant', 'completed', 'expired', 'archived', 'purged'] as const;
/** `none`: it did not exist. */
const STATES_BEFORE = ['none', ...STATES] as const;
export type StateBefore = (typeof STATES_BEFORE)[number];

/** Who may cause a transition. `operator` is whoever calls `SessionManagerService` or the command line. */
export const transitionCausers = ['agent', 'sweep', 'operator'] as const;
export type TransitionCauser = (typeof transitionCausers)[number];

export const lifecycleMetrics = {
  transitions: {
    name: 'handoff.session.transitions',
    kind: 'counter',
    unit: '{transition}',
    description:
      'Changes of the state of a session, by the state before and after, and by who caused them; `none` is the state before registration. Moves into and out of the archive, and erasures, are not counted here but as operations.',
    attributes: [
      { key: ATTR_HANDOFF_SESSION_STATE_FROM, values: STATES_BEFORE },
      { key: ATTR_HANDOFF_SESSION_STATE_TO, values: STATES },
      { key: ATTR_HANDOFF_TRANSITION_CAUSER, values: transitionCausers },
    ],
    source: 'handoff-otel',
  },
  sweepDuration: {
    name: 'handoff.sweep.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of one sweep with all its batches and the pauses between them.',
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300, 900],
    attributes: [
      SWEEP,
      { key: ATTR_ERROR_TYPE, values: 'Absent on success; otherwise the code or class of the error that ended the sweep.' },
    ],
    source: 'handoff-otel',
  },
  sweepBatch: {
    name: 'handoff.sweep.batch.size',
    kind: 'histogram',
    unit: '{session}',
    description: 'Number of sessions in one batch of a sweep.',
    buckets: [0, 1, 10, 100, 250, 500, 1000, 2500, 5000],
    attributes: [SWEEP],
    source: 'handoff-otel',
  },
  sweepLag: {
    name: 'handoff.sweep.lag',
    kind: 'gauge',
    unit: 's',
    description:
      'How long the most overdue session has been waiting for the sweep; 0 if none is waiting. Every process checks once a minute and at the end of a sweep, and reports the same value.',
    attributes: [{ key: ATTR_HANDOFF_SWEEP_NAME, values: ['expire', 'dormant'] }],
    source: 'handoff-otel',
  },
  problems: {
    name: 'handoff.session.problems',
    kind: 'counter',
    unit: '{session}',
    description: 'Sessions found in an impossible state; each problem of a session is counted once.',
    attributes: [{ key: ATTR_HANDOFF_SESSION_PROBLEM, values: sessionProblems }],
    source: 'handoff-otel',
  },
  cacheFreed: {
    name: 'handoff.cache.freed',
    kind: 'counter',
    unit: 'By',
    description: 'Size of the cache entries (keys and values) that were removed because their session is dormant or has ended.',
    attributes: [],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;
