import type { JobConfig } from './jobStatus.js';

/** One attempt that the engine has given to this process. */
export interface Attempt {
  /** Attempts of this run before this one. */
  readonly retryCount: number;
  /** Whether somebody asked for this run, in which case it takes place even when the job is not enabled. */
  readonly asked: boolean;
  /** Whether it takes place only because a process started, which may have decided so before another one's run was over. */
  readonly atStart: boolean;
  /** Aborted when another replica may have taken the run over. */
  readonly signal: AbortSignal;
}

/** Names a run that was asked for. */
export interface Ticket {
  readonly jobName: string;
  readonly runId: string;
  /** The first attempt that can answer: those before had ended when the run was asked for. */
  readonly fromAttempt: number;
}

/** `value` is what the attempt resolved with, or what was kept of its error. */
export interface AttemptOutcome {
  readonly succeeded: boolean;
  readonly value: unknown;
}

export interface JobActivity {
  readonly running: boolean;
  readonly deadLetters: number;
}

/**
 * Runs named jobs on a group of replicas: each run on one of them, never two runs of a job at a time, repeated when it fails.
 * At least once: a replica that dies in the middle of a run is replaced by another, so jobs are idempotent.
 */
export interface JobEngine {
  /** Makes or updates what the engine keeps in the database, whichever replica comes first. */
  install(): Promise<void>;
  /**
   * Makes this process take part: it watches over the runs of all, and runs what `attempt` is given. Can be called again after
   * a failure, and after `stop`.
   */
  start(names: readonly string[], attempt: (jobName: string, attempt: Attempt) => Promise<unknown>): Promise<void>;
  /**
   * Makes the schedule of a job that of its configuration, for all replicas; what was planned by another one is dropped. Does
   * nothing where it is right already.
   *
   * Rejects with `JobsUnavailableError` where what the engine keeps in the database is gone.
   *
   * @param dueInMs time until the next run where the interval is not one that cron can express; may be negative
   */
  schedule(config: JobConfig, dueInMs: number): Promise<void>;
  /** Makes good what a clock of the database that was ahead and is put back has left: times until which nothing would run. */
  endFutureTimes(names: readonly string[]): Promise<void>;
  /** Adds a run that takes place as soon as a replica is free, unless one is planned for sooner or under way. */
  runSoon(config: JobConfig): Promise<void>;
  /** The same because somebody asks. A planned run or repetition is brought forward; `running` when one is under way. */
  runNow(config: JobConfig): Promise<Ticket | 'running'>;
  /** What the run came to, or undefined while it is not known. */
  outcome(ticket: Ticket): Promise<AttemptOutcome | undefined>;
  /** What is going on, for each name. */
  activity(names: readonly string[]): Promise<ReadonlyMap<string, JobActivity>>;
  /** Takes no more part. Waits up to `graceMs` (1000 at least) for the attempts under way; what then still runs is repeated elsewhere. */
  stop(graceMs: number): Promise<void>;
}
