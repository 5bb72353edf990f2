import type { AlertName } from '../../../../telemetry/catalogue/alerts.js';
import type { StoredPolicy } from '../../../retention/retentionPolicy.js';
import type { StorageReport } from '../../../retention/storageReport.js';

/** Since when something was measured, and until when. */
export interface Span {
  readonly from: Date | null;
  readonly to: Date;
}

/** From `pg_stat_statements`, of this database. Texts of statements stay in the database. */
export interface StatementFact extends Span {
  readonly id: string;
  readonly calls: number;
  readonly meanMs: number;
  /** Of the time of all statements of this database. */
  readonly timeSharePercent: number;
  readonly temporaryBytesPerCall: number;
  /** `work_mem` now. */
  readonly workMemoryBytes: number;
}

/** A table with 10,000 rows or more. */
export interface TableFact extends Span {
  /** Quoted as SQL wants it. */
  readonly table: string;
  readonly rows: number;
  readonly deadRows: number;
  readonly sequentialScans: number;
  readonly rowsReadBySequentialScans: number;
  /** Columns that are looked up and that no index begins with. */
  readonly unindexed: readonly UnindexedColumn[];
}

export interface UnindexedColumn {
  /** Quoted as SQL wants it. */
  readonly column: string;
  /** How it is known that somebody looks it up. */
  readonly cause: 'foreign_key' | 'statements';
  /** Calls of the statements that do; 0 where only the foreign key is known. */
  readonly calls: number;
  readonly distinctValues: number;
}

export interface InvalidIndexFact {
  readonly index: string;
  readonly table: string;
  readonly tableRows: number;
  readonly indexBytes: number;
  readonly at: Date;
}

export interface PoolFact extends Span {
  readonly samples: number;
  readonly meanWaitingCalls: number;
  readonly highestWaitingCalls: number;
  readonly meanUsedConnections: number;
  readonly poolSize: number;
  /** Connections that the server may still open, for all its users. */
  readonly freeServerConnections: number;
}

export interface CacheFact extends Span {
  readonly reads: number;
  readonly hits: number;
  readonly entries: number;
  readonly maxEntries: number;
  readonly bytes: number;
  readonly maxBytes: number;
}

export interface StorageFact extends Span {
  readonly report: StorageReport;
  /** Of the file system of the data folder; `null` where it is not sampled. */
  readonly diskUsedPercent: number | null;
}

export interface PolicyFact extends Span {
  readonly policy: StoredPolicy;
  readonly liveSessions: number;
  readonly dormantSessions: number;
  /** Sessions that became dormant, and that became active again, in the range. */
  readonly fellAsleep: number;
  readonly wokeUp: number;
}

/** Of one route, `a->b`. */
export interface RouteFact {
  readonly route: string;
  readonly requested: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly timedOut: number;
}

export interface HandoffFact extends Span, Omit<RouteFact, 'route'> {
  /** From the request to the answer; `null` without any. */
  readonly p95AnswerHours: number | null;
  readonly timeoutHours: number;
  readonly routes: readonly RouteFact[];
}

/** How often an alert came, and how close to its threshold. */
export interface AlertFact extends Span {
  readonly alert: AlertName;
  /** Now; it is not switched off. */
  readonly threshold: number;
  readonly timesRaised: number;
  /** Medians over the times that it was raised, or cleared; `null` without any. */
  readonly medianDurationMinutes: number | null;
  readonly medianValue: number | null;
}

/** The highest of all hours, of what an alert compares with its threshold. */
export interface HighestFact extends Span {
  readonly alert: 'response_time' | 'statement_time';
  readonly threshold: number;
  readonly timesRaised: number;
  readonly hours: number;
  readonly runs: number;
  readonly highestHourlyP95Ms: number;
}

/** What rules look at. What could not be had is absent. */
export interface Facts {
  readonly statements?: readonly StatementFact[];
  readonly tables?: readonly TableFact[];
  readonly indexes?: readonly InvalidIndexFact[];
  readonly pool?: PoolFact;
  readonly cache?: CacheFact;
  readonly storage?: StorageFact;
  readonly sessions?: readonly PolicyFact[];
  readonly handoffs?: HandoffFact;
  readonly alerts?: readonly AlertFact[];
  readonly highest?: readonly HighestFact[];
}

export type FactName = keyof Facts;
