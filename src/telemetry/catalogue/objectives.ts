import { ATTR_ERROR_TYPE, ATTR_HANDOFF_OPERATION_NAME, ATTR_MCP_METHOD_NAME } from '../semconv.js';
import type { MetricDefinition } from './definitions.js';
import { mcpMetrics } from './mcp.js';
import { operationMetrics } from './operations.js';
import { sessionOperations } from './sessions.js';

/** A service level objective: the share of events that must be good over `windowDays`. Rules, dashboards and docs derive from it. */
export interface Objective {
  /** In snake case: part of the names of recording rules. */
  readonly id: string;
  readonly title: string;
  /** What it promises to users, and what counts as bad. */
  readonly description: string;
  /** The histogram whose points are the events. */
  readonly metric: MetricDefinition;
  /** The events are the points that have these attributes. */
  readonly of: Readonly<Record<string, string>>;
  readonly bad: FailedEvents | SlowEvents;
  /** Share of good events that is promised, above 0 and below 1. */
  readonly target: number;
  readonly windowDays: number;
}

/** Bad are the events whose attribute `key` is, or is not, one of the patterns (RE2, anchored). A missing attribute is the empty text. */
export interface FailedEvents {
  readonly kind: 'failed';
  readonly key: string;
  readonly is: 'one of' | 'none of';
  readonly patterns: readonly string[];
}

/** Bad are the events that took longer. The bound must be one of the metric's buckets, or nothing can be counted. */
export interface SlowEvents {
  readonly kind: 'slow';
  readonly slowerThanS: number;
}

const TOOL_CALLS = { [ATTR_MCP_METHOD_NAME]: 'tools/call' } as const;
/** What ended a call although the server did its work: nobody waited for the answer any more. */
const CALLER_LEFT = ['cancelled', 'connection_closed'] as const;

export const objectives = {
  toolCallAvailability: {
    id: 'tool_call_availability',
    title: 'Tool calls that succeed',
    description:
      'A tool call is bad if it ended with an error of any kind, a result with `isError` included. Calls that the caller cancelled or abandoned, and calls that were refused because the caller asked for something wrong (they have a status code and no `error.type`), are not.',
    metric: mcpMetrics.serverOperationDuration,
    of: TOOL_CALLS,
    bad: { kind: 'failed', key: ATTR_ERROR_TYPE, is: 'none of', patterns: ['', ...CALLER_LEFT] },
    target: 0.99,
    windowDays: 30,
  },
  toolCallLatency: {
    id: 'tool_call_latency',
    title: 'Tool calls that are fast',
    description: 'A tool call is bad if it took longer than two seconds, whatever its outcome.',
    metric: mcpMetrics.serverOperationDuration,
    of: TOOL_CALLS,
    bad: { kind: 'slow', slowerThanS: 2 },
    target: 0.95,
    windowDays: 30,
  },
  handoffSuccess: {
    id: 'handoff_success',
    title: 'Handoffs that succeed',
    description:
      'A handoff is bad if it failed inside the server: its `error.type` is then a code or a class, which begin with a capital letter, a digit (as the codes of PostgreSQL do) or an underscore. An outcome that is reported to the caller, such as an unknown session, is a word in lower case and is not bad.',
    metric: operationMetrics.duration,
    of: { [ATTR_HANDOFF_OPERATION_NAME]: sessionOperations.handoff.name },
    bad: { kind: 'failed', key: ATTR_ERROR_TYPE, is: 'one of', patterns: ['[A-Z0-9_].*'] },
    target: 0.999,
    windowDays: 30,
  },
} as const satisfies Record<string, Objective>;

const HOUR_S = 3600;

/**
 * From when on the lifecycle of sessions is not well. Alerts, dashboards and docs derive from it.
 *
 * The jobs' intervals are their defaults, in seconds: what an operator sets instead is in the database, where no rule can read it.
 */
export const lifecycleLimits = {
  jobIntervalsS: {
    'session-cleanup': HOUR_S,
    'dormant-detection': HOUR_S / 2,
    'retention-enforcement': 24 * HOUR_S,
    'cache-optimization': 2 * HOUR_S,
  },
  /** A job that has not been tried for so many intervals does not run. */
  missedIntervals: 4,
  /** How long a session may be due before a sweep takes it, in seconds: three intervals of the job that runs the sweep. */
  sweepLagS: { expire: 3 * HOUR_S, dormant: 1.5 * HOUR_S },
  /** Share of `HANDOFF_STORAGE_LIMIT_BYTES`, above 0 and at most 1, from which on the storage is nearly full. */
  storageShare: 0.85,
} as const;

/** From when on analytics are not well. An operator can have rollups made once an hour, and that is no fault. */
export const analyticsLimits = {
  /** How far rollups, or the detectors of anomalies, may be behind, in seconds. */
  lagS: 2 * HOUR_S,
  /** Severity of the anomalies that make a ticket. */
  alertedSeverity: 'high',
} as const;
