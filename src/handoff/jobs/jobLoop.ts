import { JobsUnavailableError } from '../../errors/jobErrors.js';
import { startDetached } from '../../telemetry/detached.js';
import { backoffMs } from '../storage/backoff.js';
import { runAttempt } from './attempt.js';
import type { JobDependencies } from './dependencies.js';
import { dueInMs, isDueAtStart } from './due.js';
import type { Attempt } from './jobEngine.js';
import { readJobStates } from './readJobStates.js';
import type { JobState } from './readJobStates.js';

/** How often it is looked whether this process may run jobs: the owner of the embedded database may have changed. */
const LOOK_MS = 2000;
/** How often the schedules are compared with the configuration, and planned runs renewed. */
const RENEW_MS = 15_000;
const MAX_PAUSE_MS = 15_000;

/**
 * Takes part in running the jobs for as long as this process may, and begins again after any failure: a database that is down
 * at the start, for minutes, or after a failover delays jobs and ends nothing.
 */
export class JobLoop {
  readonly #deps: JobDependencies;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #takesPart = false;
  #joiningSinceMs: number | undefined;
  #renewedMs = -Infinity;

  constructor(deps: JobDependencies) {
    this.#deps = deps;
  }

  start(): void {
    // Without jobs there is nothing to take part in.
    if (this.#deps.definitions.length > 0) this.#running ??= startDetached(() => this.#run());
  }

  /** For how long this process has been trying to take part, in milliseconds; `undefined` if it does, or is not to. */
  joiningMs(): number | undefined {
    return this.#joiningSinceMs === undefined ? undefined : this.#deps.clock.monotonicMs() - this.#joiningSinceMs;
  }

  /** Ends the part of this process. Attempts under way are told, and have up to `graceMs` to end; then another replica repeats them. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort(new Error('stopped'));
    this.#joiningSinceMs = undefined;
    await this.#running;
    if (this.#takesPart) await this.#deps.engine.stop(graceMs);
    this.#takesPart = false;
  }

  async #run(): Promise<void> {
    const { clock, random, reports } = this.#deps;
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#turn();
        failures = 0;
      } catch (error) {
        failures += 1;
        if (!signal.aborted) reports.onError(error);
        // A backup was restored without the tables of the engine, say: beginning anew makes them.
        if (error instanceof JobsUnavailableError && error.data.reason === 'not_installed')
          await this.#leave().catch(reports.onPassingError);
      }
      const pauseMs = failures === 0 ? LOOK_MS : backoffMs(failures, random, LOOK_MS, MAX_PAUSE_MS);
      await clock.sleep(pauseMs, { signal, unref: true }).catch(() => undefined);
    }
  }

  async #turn(): Promise<void> {
    const { clock, engine, mayRun, reports } = this.#deps;
    if (!mayRun()) {
      this.#joiningSinceMs = undefined;
      reports.onIdle();
      return this.#leave();
    }
    if (!this.#takesPart) {
      this.#joiningSinceMs ??= clock.monotonicMs();
      await this.#join();
      this.#joiningSinceMs = undefined;
    }
    if (clock.monotonicMs() - this.#renewedMs < RENEW_MS) return;
    // Without it, jobs run late after such a clock, and as they should otherwise.
    await engine.endFutureTimes(this.#deps.definitions.map(({ name }) => name)).catch(reports.onPassingError);
    for (const { config, sinceLastRunMs } of await this.#states()) {
      await engine.schedule(config, dueInMs(config, sinceLastRunMs));
    }
    this.#renewedMs = clock.monotonicMs();
    reports.onWorking();
  }

  async #leave(): Promise<void> {
    if (!this.#takesPart) return;
    this.#takesPart = false;
    await this.#deps.engine.stop(0);
  }

  async #join(): Promise<void> {
    const { definitions, engine } = this.#deps;
    const byName = new Map(definitions.map((definition) => [definition.name, definition]));
    const attempt = async (jobName: string, given: Attempt): Promise<unknown> => {
      const definition = byName.get(jobName);
      if (definition === undefined) return undefined;
      const [state] = await readJobStates(this.#deps, [definition]);
      // It may have been planned before the job was switched off.
      if (state?.config.enabled === false && !given.asked) return { skipped: 'the job is not enabled' };
      if (state !== undefined && given.atStart && given.retryCount === 0 && !isDueAtStart(state.config, state.sinceLastRunMs))
        return { skipped: 'another process that started ran it just now' };
      try {
        return await runAttempt(this.#deps, definition, given, this.#stopping.signal);
      } finally {
        // The next run is planned at the next look.
        this.#renewedMs = -Infinity;
      }
    };
    try {
      await engine.start([...byName.keys()], attempt);
      for (const { config, sinceLastRunMs } of await this.#states()) if (isDueAtStart(config, sinceLastRunMs)) await engine.runSoon(config);
    } catch (error) {
      // What was started must not go on beside the next try.
      await engine.stop(0).catch(this.#deps.reports.onError);
      throw error;
    }
    this.#takesPart = true;
    this.#renewedMs = -Infinity;
  }

  #states(): Promise<JobState[]> {
    return readJobStates(this.#deps, this.#deps.definitions);
  }
}
