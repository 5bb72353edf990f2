/** What a job does when nothing else is configured. Every value is kept exactly: see `jobConfig.ts` for what can be kept. */
export interface JobDefaults {
  /** Time from one start to the next in milliseconds. */
  readonly intervalMs: number;
  /** How often a failed run is repeated before it counts as failed: 0 or more. */
  readonly maxRetries: number;
  /** Time from a failure to the next attempt in milliseconds: whole seconds. */
  readonly retryDelayMs: number;
}

/** What a job may use of the one who runs it. */
export interface JobRun {
  /** Aborted when the server stops or the run has lost its claim: finish the batch at hand and return. */
  readonly signal: AbortSignal;
}

/**
 * A scheduled job.
 *
 * `run` must be idempotent and safe beside a second one: a replica that is killed or cut off from the database in the middle
 * leaves its run half done, another replica begins again, and the first may still be alive. It resolves with plain data for
 * `JobResult.result` and rejects when the attempt failed, which is then repeated.
 */
export interface JobDefinition {
  /** Unique; 1 to 63 letters, digits and hyphens, the first of which is no hyphen. */
  readonly name: string;
  /** One sentence for people. */
  readonly description: string;
  readonly defaults: JobDefaults;
  run(run: JobRun): Promise<Readonly<Record<string, unknown>>>;
}
