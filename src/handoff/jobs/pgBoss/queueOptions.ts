import type { ConstructorOptions, QueueOptions, SendOptions, WorkOptions } from 'pg-boss';
import type { JobConfig } from '../jobStatus.js';

/** Runs whose every attempt failed. */
export const DEAD_LETTER_QUEUE = 'handoff-dead-letters';

const DAY_SECONDS = 86_400;

/**
 * A replica that dies in the middle of a run misses its heartbeat after 30 s, and one of the others notices within 15 s more.
 * The run then waits for its retry delay, as after any failure, and starts within `POLL_SECONDS`.
 */
export const HEARTBEAT_SECONDS = 30;
const WATCH_SECONDS = 15;
/** How often each replica looks for runs that it did not plan itself. */
const POLL_SECONDS = 5;
/** The longest a run may take; then its signal is aborted and it counts as failed. */
const RUN_LIMIT_SECONDS = 3600;

export const deadLetterOptions: QueueOptions = { retentionSeconds: 30 * DAY_SECONDS, deleteAfterSeconds: 30 * DAY_SECONDS };

export const queueOptions = {
  deadLetter: DEAD_LETTER_QUEUE,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  expireInSeconds: RUN_LIMIT_SECONDS,
  deleteAfterSeconds: DAY_SECONDS,
} satisfies QueueOptions & { readonly deadLetter: string };

export const workOptions = { pollingIntervalSeconds: POLL_SECONDS, includeMetadata: true } as const satisfies WorkOptions;

/** How often the parts of pg-boss look at the database. What nothing of ours uses is off, or as rare as it allows. */
export const rhythm = {
  superviseIntervalSeconds: WATCH_SECONDS,
  monitorIntervalSeconds: WATCH_SECONDS,
  cronWorkerIntervalSeconds: 2 * POLL_SECONDS,
  flowIntervalSeconds: DAY_SECONDS,
  reindex: false,
  monitorVacuum: false,
  registerInstance: false,
} satisfies Partial<ConstructorOptions>;

export function runOptions({ maxRetries, retryDelayMs }: JobConfig): SendOptions {
  return { retryLimit: maxRetries, retryDelay: retryDelayMs / 1000 };
}
