import {
  JobConfigError,
  JobFailedError,
  JobRunningError,
  JobUnfinishedError,
  JobsUnavailableError,
  UnknownJobError,
} from '../../errors/jobErrors.js';
import { jobOperations } from '../../telemetry/catalogue/jobs.js';
import { ATTR_HANDOFF_JOB_NAME } from '../../telemetry/semconv.js';
import { isMapping } from '../../values/guards.js';
import type { JobDependencies } from './dependencies.js';
import { jobConfigProblems } from './jobConfig.js';
import type { JobConfigChange } from './jobConfig.js';
import type { JobDefinition } from './jobDefinition.js';
import type { AttemptOutcome, Ticket } from './jobEngine.js';
import { dueInMs } from './due.js';
import { JobLoop } from './jobLoop.js';
import type { JobsHealth } from './jobsHealth.js';
import type { JobConfig, JobResult, JobStatus } from './jobStatus.js';
import { readJobStates } from './readJobStates.js';
import type { JobState } from './readJobStates.js';
import { writeJobSettings } from './sql/writeJobSettings.js';

/** The scheduled jobs of a handoff server. Their configuration and statistics are shared by all replicas and survive them. */
export interface Jobs {
  readonly names: readonly string[];
  /** The state of one job, or of all; empty for an unknown name. */
  status(jobName?: string): Promise<Readonly<Record<string, JobStatus>>>;
  /**
   * Runs a job once, now, on whichever replica is free, also when it is not enabled, and resolves with the result of that attempt.
   * A failed one is repeated in the background as usual.
   *
   * Rejects with `UnknownJobError`, with `JobRunningError` when any replica runs it, with `JobUnfinishedError` when it has not
   * ended after 50 s: it goes on, and with `JobsUnavailableError` when no process has begun to run jobs on the database after 10 s.
   */
  runNow(jobName: string): Promise<JobResult>;
  /**
   * Changes the configuration for all replicas; they act on it within 15 s. Rejects with `UnknownJobError`, and with
   * `JobConfigError` for values that cannot be kept.
   */
  configure(jobName: string, change: JobConfigChange): Promise<JobConfig>;
  /** What can be wrong with the jobs: for checks of health, which are no operation of anybody. */
  health(): Promise<JobsHealth>;
  /** Takes part in running jobs, from soon on. Returns at once, loads pg-boss, and never rejects: failures are logged and tried again. */
  start(): void;
  /** Takes no more part. Attempts under way are told to end and have `graceMs`, 1000 at least. */
  stop(graceMs: number): Promise<void>;
}

/** Below the 60 s after which MCP clients give up by default. */
const WAIT_MS = 50_000;
const FIRST_LOOK_MS = 50;
const LAST_LOOK_MS = 1000;
/** A server that starts on a new database begins to run jobs a few seconds after its first answer. */
const INSTALL_WAIT_MS = 10_000;
const INSTALL_LOOK_MS = 500;

export function createJobs(deps: JobDependencies): Jobs {
  const { definitions, observe } = deps;
  const names = definitions.map(({ name }) => name);
  const loop = new JobLoop(deps);
  const definitionOf = (jobName: string): JobDefinition => {
    const found = definitions.find(({ name }) => name === jobName);
    if (found === undefined) throw new UnknownJobError(jobName, names);
    return found;
  };
  return {
    names,
    status: (jobName) =>
      observe(jobOperations.status.name, {}, () =>
        statusOf(deps, jobName === undefined ? definitions : definitions.filter(({ name }) => name === jobName)),
      ),
    runNow: (jobName) => {
      const definition = definitionOf(jobName);
      return observe(jobOperations.ask.name, { [ATTR_HANDOFF_JOB_NAME]: jobName }, async () => {
        const startMs = deps.clock.monotonicMs();
        const { config } = await stateOf(deps, definition);
        const ticket = await askWhenInstalled(deps, config);
        if (ticket === 'running') throw new JobRunningError(jobName);
        return resultOf(jobName, await outcomeOf(deps, ticket, startMs));
      });
    },
    configure: (jobName, change) => {
      const definition = definitionOf(jobName);
      const problems = jobConfigProblems(change);
      if (problems.length > 0) throw new JobConfigError(jobName, problems);
      return observe(jobOperations.configure.name, { [ATTR_HANDOFF_JOB_NAME]: jobName }, () => configure(deps, definition, change));
    },
    health: async () => {
      const sinceMs = loop.joiningMs();
      const jobs = definitions.length === 0 ? [] : await readJobStates(deps, definitions);
      return { jobs, ...(sinceMs === undefined ? {} : { joining: { sinceMs } }) };
    },
    start: () => loop.start(),
    stop: (graceMs) => loop.stop(graceMs),
  };
}

async function statusOf(deps: JobDependencies, definitions: readonly JobDefinition[]): Promise<Record<string, JobStatus>> {
  if (definitions.length === 0) return {};
  const states = await readJobStates(deps, definitions);
  const activity = await deps.engine.activity(definitions.map(({ name }) => name));
  return Object.fromEntries(
    states.map(({ config, stats }) => {
      const { running = false, deadLetters = 0 } = activity.get(config.name) ?? {};
      return [config.name, { running, config, stats, deadLetters }];
    }),
  );
}

async function configure(deps: JobDependencies, definition: JobDefinition, change: JobConfigChange): Promise<JobConfig> {
  const { intervalMs = null, enabled = null, maxRetries = null, retryDelayMs = null } = change;
  await deps.database.query(writeJobSettings, [definition.name, intervalMs, enabled, maxRetries, retryDelayMs]);
  const { config, sinceLastRunMs } = await stateOf(deps, definition);
  // The loop of every replica does the same soon; a failure here changes nothing about that.
  await deps.engine.schedule(config, dueInMs(config, sinceLastRunMs)).catch(deps.reports.onPassingError);
  return config;
}

async function stateOf(deps: JobDependencies, definition: JobDefinition): Promise<JobState> {
  const [state] = await readJobStates(deps, [definition]);
  if (state === undefined) throw new UnknownJobError(definition.name, []);
  return state;
}

async function askWhenInstalled({ clock, engine }: JobDependencies, config: JobConfig): Promise<Ticket | 'running'> {
  const startMs = clock.monotonicMs();
  for (;;) {
    try {
      return await engine.runNow(config);
    } catch (error) {
      const isExpected = error instanceof JobsUnavailableError && error.data.reason === 'not_installed';
      if (!isExpected || clock.monotonicMs() - startMs >= INSTALL_WAIT_MS) throw error;
    }
    await clock.sleep(INSTALL_LOOK_MS);
  }
}

/** @param startMs when the caller began to wait, which includes the wait for the queue */
async function outcomeOf({ clock, engine }: JobDependencies, ticket: Ticket, startMs: number): Promise<AttemptOutcome> {
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(LAST_LOOK_MS, pauseMs * 2)) {
    const outcome = await engine.outcome(ticket);
    if (outcome !== undefined) return outcome;
    const waitedMs = clock.monotonicMs() - startMs;
    if (waitedMs >= WAIT_MS) throw new JobUnfinishedError(ticket.jobName, waitedMs);
    await clock.sleep(pauseMs);
  }
}

/** The engine keeps the result of a success as it is, and that of a failure with its error; a lost replica leaves none. */
function resultOf(jobName: string, { succeeded, value }: AttemptOutcome): JobResult {
  const result = succeeded || !isMapping(value) ? value : value['result'];
  if (!isMapping(result) || result['jobName'] !== jobName) throw new JobFailedError(jobName, 'lost');
  return result as unknown as JobResult;
}
