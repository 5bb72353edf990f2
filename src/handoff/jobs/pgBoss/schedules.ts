import { isDeepStrictEqual } from 'node:util';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import { isRecord } from '../../../values/guards.js';
import { cronOf } from '../cron.js';
import type { Ticket } from '../jobEngine.js';
import type { JobConfig } from '../jobStatus.js';
import { runOptions } from './queueOptions.js';

/**
 * Makes the schedule of a job that of `config`: by cron where cron can express the interval, else by one planned run, which is
 * renewed when it has taken place. Resolves to `planned` for the latter.
 */
export async function setSchedule(boss: PgBoss, config: JobConfig, dueInMs: number): Promise<'cron' | 'planned' | 'none'> {
  const { name, enabled, intervalMs } = config;
  const cron = enabled ? cronOf(intervalMs) : undefined;
  await setCron(boss, config, cron);
  const planned = await plannedRun(boss, name);
  if (planned !== undefined && isOutdated(planned, config, cron)) await boss.deleteJob(name, planned.id);
  else if (planned !== undefined) return cron === undefined ? 'planned' : 'cron';
  if (cron !== undefined) return 'cron';
  if (!enabled) return 'none';
  const startAfter = `${Math.max(0, dueInMs / 1000).toFixed(3)} seconds`;
  await boss.send(name, { intervalMs }, { ...runOptions(config), startAfter });
  return 'planned';
}

async function setCron(boss: PgBoss, config: JobConfig, cron: string | undefined): Promise<void> {
  const { name } = config;
  const current = await boss.getSchedule(name);
  if (cron === undefined) {
    if (current !== null) await boss.unschedule(name);
    return;
  }
  // One run makes up for all that were missed while no replica could reach the database.
  const options = { ...runOptions(config), tz: 'UTC', missed: 'once' } as const;
  const isRight = current?.cron === cron && isDeepStrictEqual({ ...current.options }, options);
  if (!isRight) await boss.schedule(name, cron, {}, options);
}

/** A run that waits for its time would keep every other one away, so that it must not outlive the interval that it was planned by. */
function isOutdated({ data }: JobWithMetadata, { enabled, intervalMs }: JobConfig, cron: string | undefined): boolean {
  if (isAsked(data)) return false;
  const plannedBy = isRecord(data) ? data['intervalMs'] : undefined;
  return !enabled || (plannedBy !== undefined && (cron !== undefined || plannedBy !== intervalMs));
}

/** Lets the planned run, or the repetition of a failed one, take place now. Resolves to undefined when there is none. */
export async function bringForward(boss: PgBoss, name: string, asked: boolean): Promise<Ticket | undefined> {
  const planned = await plannedRun(boss, name);
  // A failed run waits for its time unless somebody asks for it.
  if (planned === undefined || (planned.state === 'retry' && !asked)) return undefined;
  const data = asked ? { asked } : { ...planned.data, ...AT_START };
  const { updated } = await boss.update(name, data, { id: planned.id, startAfter: '0 seconds' });
  if (updated === 0) return undefined;
  return { jobName: name, runId: planned.id, fromAttempt: planned.state === 'retry' ? planned.retryCount + 1 : 0 };
}

/** Marks a run that takes place because a process started. */
export const AT_START = { atStart: true } as const;

export function isAtStart(data: unknown): boolean {
  return isRecord(data) && data['atStart'] === true && !isAsked(data);
}

/** Whether somebody asked for a run. */
export function isAsked(data: unknown): boolean {
  return isRecord(data) && data['asked'] === true;
}

/** The policy of the queue allows one. */
async function plannedRun(boss: PgBoss, name: string): Promise<JobWithMetadata | undefined> {
  const [planned] = await boss.findJobs<object>(name, { queued: true, limit: 1 });
  return planned;
}
