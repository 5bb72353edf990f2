import type { JobConfig } from './jobStatus.js';

/** Replicas that start together are one start: a job that ran so recently is not run again for the next of them. */
const ONE_START_MS = 60_000;

/** Time until the next run in milliseconds: an interval after the last one began, or now if there was none. May be negative. */
export function dueInMs({ intervalMs }: JobConfig, sinceLastRunMs: number | undefined): number {
  return sinceLastRunMs === undefined ? 0 : intervalMs - sinceLastRunMs;
}

/** Whether a job runs because a process starts. */
export function isDueAtStart({ enabled, intervalMs }: JobConfig, sinceLastRunMs: number | undefined): boolean {
  return enabled && (sinceLastRunMs === undefined || sinceLastRunMs >= Math.min(intervalMs, ONE_START_MS));
}
