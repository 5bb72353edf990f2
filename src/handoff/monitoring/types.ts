import type { HealthReason, HealthState } from '../../telemetry/catalogue/health.js';

/** Only what was measured, with the unit at the end of each name. */
export type Measurements = Readonly<Record<string, number | boolean>>;

/** How one part of the server is. Every number was measured; what could not be is absent. */
export interface ComponentHealth {
  readonly status: HealthState;
  /** How long the check took, in milliseconds. */
  readonly responseTime: number;
  readonly lastCheck: Date;
  /** How long ago that was when this was asked for, in milliseconds. */
  readonly ageMs: number;
  /** A word that never changes its meaning; see docs/monitoring.md. */
  readonly reason?: HealthReason;
  /** What to do about it. */
  readonly advice?: string;
  /** Code or class of the error, or else the reason; only when unhealthy. */
  readonly error?: string;
  readonly details?: Measurements;
}

export interface HealthStatus {
  /** Unhealthy if a part without which the server is of no use is; degraded if any part is not healthy. */
  readonly overall: HealthState;
  /** Of the part that is worst; absent when all are healthy. */
  readonly reason?: HealthReason;
  readonly advice?: string;
  /** `system` is disk, event loop and memory together. Every other part is there under its own name too. */
  readonly components: {
    readonly database: ComponentHealth;
    readonly redis: ComponentHealth;
    readonly system: ComponentHealth;
    readonly [name: string]: ComponentHealth;
  };
  readonly timestamp: Date;
  /** Of this process, in milliseconds. */
  readonly uptime: number;
}

/** A handoff that a host has carried out by itself. */
export interface HandoffMetrics {
  readonly sessionId: string;
  readonly agentFrom: string;
  readonly agentTo: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly success: boolean;
  /** Length of the context as JSON, in characters. */
  readonly contextSize?: number;
  /** Code or class of the error. Anything else counts as `_OTHER`. */
  readonly errorType?: string;
}

/** One run of an operation of a host. */
export interface PerformanceMetrics {
  readonly operation?: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly success: boolean;
  /** Percent. */
  readonly memoryUsage?: number;
  /** Percent of one core. */
  readonly cpuUsage?: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** In milliseconds. */
export interface StatementTime {
  readonly statement: string;
  readonly count: number;
  readonly failures: number;
  readonly totalMs: number;
  readonly meanMs: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** What the process takes and holds. What was not measured is absent, and never 0 in its place. */
export interface SystemMetrics {
  readonly timestamp: Date;
  /** How old it was when this was asked for, in milliseconds; at most one interval, unless the process was stalled. */
  readonly ageMs: number;
  /** Bytes: what the process takes, and what it may take. */
  readonly memory: { readonly used: number; readonly total: number; readonly percentage: number };
  /** Percent of one core since the sample before. */
  readonly cpu: { readonly usage?: number };
  readonly database: {
    readonly activeConnections: number;
    /** Calls that were waiting for a connection when the sample was taken. */
    readonly waitingCalls: number;
    /** Statements since the process started, and their mean duration in milliseconds. */
    readonly queryCount?: number;
    readonly avgResponseTime?: number;
    /** The statements that took most time in the last interval, by name: their text without values is fixed. */
    readonly slowest?: readonly StatementTime[];
  };
  /** Reads of the last interval: share that found something, and mean duration in milliseconds. Absent without any. */
  readonly cache: { readonly hitRatePercent?: number; readonly meanReadMs?: number };
  readonly redis: {
    /** Absent without Redis. */
    readonly connected?: boolean;
    /** Bytes that the server of Redis takes, as of the last check of health; absent in a cluster and where its user may not ask. */
    readonly memoryUsage?: number;
    /** Keys of the database of Redis, whoever put them there; absent likewise. */
    readonly keyCount?: number;
  };
  /** Of the whole database; absent until they were counted. */
  readonly sessions: { readonly active?: number; readonly dormant?: number; readonly archived?: number };
  /** `freeBytes`, `totalBytes` and `usedPercent` of the file system of the data folder, as of the last check of health. */
  readonly disk: Measurements;
  /** `utilizationPercent`, `delayP99Ms` and `delayMaxMs`, as of the last check of health and since the one before. */
  readonly eventLoop: Measurements;
}
