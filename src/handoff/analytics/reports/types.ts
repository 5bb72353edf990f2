import type { TimeRange } from '../ranges/timeRange.js';
import type { PeriodComparison, Trend, Verdict } from '../trends/trend.js';
import type { Seasonality } from '../trends/seasonality.js';
import type { Coverage } from './coverage.js';

/** What every report says about itself. Nothing in any report is taken from the content of sessions. */
export interface Report {
  readonly timeRange: Required<TimeRange>;
  readonly coverage: Coverage;
}

/** Where a figure is going, over the last days of the range: as many as `trendAnalysisWindow`. */
export interface FigureTrend extends Trend {
  /** By hour and weekday of local time; empty where nothing repeats. */
  readonly seasonality: Seasonality;
}

/** What happened to sessions in the range. A session that was opened before it can have ended in it. */
export interface SessionStats extends Report {
  /** Sessions opened. */
  readonly totalSessions: number;
  /** Sessions that were active at the end of the range, as of the last sample; `null` without any. */
  readonly activeSessions: number | null;
  readonly completedSessions: number;
  readonly expiredSessions: number;
  readonly archivedSessions: number;
  /** Of sessions that ended: from the beginning to completion, or to the last activity before they expired. `null` without any. */
  readonly averageSessionDurationSeconds: number | null;
  readonly p95SessionDurationSeconds: number | null;
  readonly averageContextVolumeEntries: number | null;
  /** Agents that opened or held the session; those that only wrote entries are not counted. */
  readonly averageParticipantCount: number | null;
  /** `active` and `dormant` as of the last sample, the others as they came to be so in the range. */
  readonly sessionsByStatus: Readonly<Record<'active' | 'dormant', number | null> & Record<'completed' | 'expired' | 'archived', number>>;
  /** Sessions opened, by the agent that opened them. */
  readonly sessionsByAgent: Readonly<Record<string, number>>;
  readonly groups?: Readonly<Record<string, SessionFigures>>;
  readonly sessionTrends: readonly { readonly timestamp: Date; readonly openedSessions: number; readonly endedSessions: number }[];
  readonly trend: FigureTrend;
  /** Sessions opened, and in as long a time before as is counted of the range. */
  readonly comparison: PeriodComparison;
}

/** The same for one agent or policy. */
export interface SessionFigures {
  readonly totalSessions: number;
  readonly completedSessions: number;
  readonly expiredSessions: number;
  readonly archivedSessions: number;
  readonly averageSessionDurationSeconds: number | null;
}

/** What became of handoffs. A handoff counts as requested when it is, and as successful or failed when its target, or time, decides. */
export interface HandoffFigures {
  readonly totalHandoffs: number;
  /** Accepted by their target. */
  readonly successfulHandoffs: number;
  /** Rejected, or not answered in time. */
  readonly failedHandoffs: number;
  /** Of those that were decided in the range; `null` without any. */
  readonly successRatePercent: number | null;
  /** From the request to the answer. */
  readonly averageProcessingTimeMs: number | null;
}

export interface HandoffStats extends Report, HandoffFigures {
  readonly p95ProcessingTimeMs: number | null;
  /** Entries of the session that were handed over. */
  readonly averageContextEntries: number | null;
  /** By `a->b`. */
  readonly handoffsByRoute: Readonly<Record<string, HandoffFigures>>;
  readonly failureReasons: Readonly<Record<'rejected' | 'timed_out', number>>;
  readonly groups?: Readonly<Record<string, HandoffFigures>>;
  readonly handoffTrends: readonly (HandoffFigures & { readonly timestamp: Date })[];
  /** Of the success rate: `degrading` is one that falls. */
  readonly trend: FigureTrend & { readonly verdict: Verdict };
  /** Success rate in percent, and in as long a time before as is counted of the range. */
  readonly comparison: PeriodComparison;
}

export interface ContextFigures {
  readonly count: number;
  readonly averageSizeBytes: number | null;
  readonly totalSizeBytes: number;
  /** Of all entries. */
  readonly sharePercent: number | null;
}

export interface ContextStats extends Report {
  readonly totalContextEntries: number;
  readonly totalSizeBytes: number;
  readonly p95SizeBytes: number | null;
  readonly contentTypeDistribution: Readonly<Record<string, ContextFigures>>;
  readonly groups?: Readonly<Record<string, ContextFigures>>;
  readonly growthTrends: readonly {
    readonly timestamp: Date;
    readonly entryCount: number;
    readonly averageSizeBytes: number | null;
    /** Entries by type. */
    readonly contentTypes: Readonly<Record<string, number>>;
  }[];
  readonly sizeTrends: readonly {
    readonly timestamp: Date;
    readonly averageSizeBytes: number | null;
    readonly maxSizeBytes: number | null;
    readonly minSizeBytes: number | null;
  }[];
  /** Of the number of entries. */
  readonly trend: FigureTrend;
  readonly comparison: PeriodComparison;
}

export interface OperationFigures {
  readonly totalCalls: number;
  readonly successfulCalls: number;
  readonly failedCalls: number;
  readonly successRatePercent: number | null;
  readonly averageDurationMs: number | null;
  readonly minDurationMs: number | null;
  readonly maxDurationMs: number | null;
  readonly p50DurationMs: number | null;
  readonly p95DurationMs: number | null;
  readonly p99DurationMs: number | null;
}

export interface PerformanceTrends extends Report {
  /** By operation, those with most calls; `trend` is that of the mean duration. */
  readonly operationMetrics: Readonly<
    Record<string, OperationFigures & { readonly trend: Verdict; readonly changePercent: number | null }>
  >;
  readonly databasePerformance: {
    readonly totalQueries: number;
    /** Slower than 500 ms. */
    readonly slowQueries: number;
    readonly averageQueryTimeMs: number | null;
    readonly errorRatePercent: number | null;
    /** Of reads of the cache. */
    readonly cacheHitRatePercent: number | null;
    /** By the name of the statement: it stands for its text. */
    readonly topSlowQueries: readonly {
      readonly queryPattern: string;
      readonly averageDurationMs: number | null;
      readonly p95DurationMs: number | null;
      readonly count: number;
    }[];
  };
  readonly systemResourceTrends: readonly ResourcePoint[];
  /** Operations with calls over 2000 ms, most of them first. */
  readonly slowOperations: readonly { readonly operation: string; readonly slowCalls: number; readonly maxDurationMs: number | null }[];
}

/** What was sampled; `null` where nothing was. */
export interface ResourceFigures {
  readonly memoryPercent: number | null;
  readonly cpuPercent: number | null;
  readonly diskPercent: number | null;
  readonly activeConnections: number | null;
  readonly activeSessions: number | null;
}

export interface ResourcePoint extends ResourceFigures {
  readonly timestamp: Date;
}

export interface ResourceStats extends Report {
  /** As of the last samples of the range. */
  readonly current: ResourceFigures;
  readonly historical: readonly ResourcePoint[];
  readonly alerts: readonly {
    readonly type: 'memory' | 'disk';
    readonly thresholdPercent: number;
    readonly currentValuePercent: number;
    readonly severity: 'warning' | 'critical';
    readonly timestamp: Date;
  }[];
  readonly trends: Readonly<Record<'memory' | 'disk' | 'cpu', Trend>>;
}
