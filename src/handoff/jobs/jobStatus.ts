/** How a job is scheduled. */
export interface JobConfig {
  readonly name: string;
  /** Time from one start to the next in milliseconds. */
  readonly intervalMs: number;
  /** Whether it runs by itself. A job that is not enabled still runs when somebody asks for it. */
  readonly enabled: boolean;
  /** How often a failed run is repeated before it counts as failed. */
  readonly maxRetries: number;
  /** Time from a failure to the next attempt in milliseconds. */
  readonly retryDelayMs: number;
}

/** What one attempt of a job came to. Times are ISO 8601 in UTC. */
export interface JobResult {
  readonly jobName: string;
  readonly success: boolean;
  readonly startTime: string;
  readonly endTime: string;
  /** In milliseconds. */
  readonly duration: number;
  /** What the job says about its work; only of a success. */
  readonly result?: Readonly<Record<string, unknown>>;
  /** Code or class of the error, never its text; only of a failure. */
  readonly error?: string;
  /** Number of attempts of this run before this one. */
  readonly retryCount: number;
}

/**
 * The attempts of all replicas since the database was made. Those that have begun and neither succeeded nor failed are under
 * way, or were lost with their process.
 */
export interface JobStats {
  readonly totalRuns: number;
  readonly successfulRuns: number;
  readonly failedRuns: number;
  /** Of the attempts that ended, in milliseconds; 0 before the first. */
  readonly averageDuration: number;
  /** When the last attempt began, in ISO 8601. */
  readonly lastRun?: string;
  readonly lastSuccess?: string;
  readonly lastFailure?: string;
}

export interface JobStatus {
  /** Whether any replica runs it now. A killed replica counts until its heartbeat is missed, see `pgBossEngine.ts`. */
  readonly running: boolean;
  readonly config: JobConfig;
  readonly stats: JobStats;
  /** Runs whose every attempt failed, of the last 30 days. */
  readonly deadLetters: number;
}
