import type { ConstructorOptions, QueueOptions, SendOptions, WorkOptions } from 'pg-boss';
import type { Database } from '../../storage/database.js';
import type { JobConfig } from '../jobStatus.js';

/** Runs whose every attempt failed. */
export const DEAD_LETTER_QUEUE = 'handoff-dead-letters';

const DAY_SECONDS = 86_400;

/** A replica that dies in the middle of a run misses its heartbeat after this time. */
const HEARTBEAT_SECONDS = 30;

/**
 * How often a process looks: `watch` for missed heartbeats of others, `poll` for runs that it did not plan itself. A run of a
 * killed replica thus waits at most 30 s and `watch`, then its retry delay as after any failure, and then `poll`.
 *
 * The embedded database is on a machine where somebody works, and has one process that looks.
 */
const LOOKS = { postgres: { watchSeconds: 15, pollSeconds: 5 }, embedded: { watchSeconds: 30, pollSeconds: 10 } } as const;

/** The longest a run may take; then its signal is aborted and it counts as failed. */
const RUN_LIMIT_SECONDS = 3600;

export const deadLetterOptions: QueueOptions = { retentionSeconds: 30 * DAY_SECONDS, deleteAfterSeconds: 30 * DAY_SECONDS };

export const queueOptions = {
  deadLetter: DEAD_LETTER_QUEUE,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  expireInSeconds: RUN_LIMIT_SECONDS,
  deleteAfterSeconds: DAY_SECONDS,
} satisfies QueueOptions & { readonly deadLetter: string };

export function workOptions(kind: Database['kind']) {
  return { pollingIntervalSeconds: LOOKS[kind].pollSeconds, includeMetadata: true } as const satisfies WorkOptions;
}

/** How often the parts of pg-boss look at the database. What nothing of ours uses is off, or as rare as it allows. */
export function rhythm(kind: Database['kind']): Partial<ConstructorOptions> {
  const { watchSeconds, pollSeconds } = LOOKS[kind];
  return {
    superviseIntervalSeconds: watchSeconds,
    monitorIntervalSeconds: watchSeconds,
    cronWorkerIntervalSeconds: 2 * pollSeconds,
    flowIntervalSeconds: DAY_SECONDS,
    reindex: false,
    monitorVacuum: false,
    registerInstance: false,
  };
}

export function runOptions({ maxRetries, retryDelayMs }: JobConfig): SendOptions {
  return { retryLimit: maxRetries, retryDelay: retryDelayMs / 1000 };
}
