import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import type { Meter, Tracer } from '@opentelemetry/api';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { Clock } from '../../../time/clock.js';
import type { Database, Statement } from '../../storage/database.js';
import { JobsUnavailableError } from '../../../errors/jobErrors.js';
import { loadPeer } from '../../storage/loadPeer.js';
import type { Attempt, AttemptOutcome, JobActivity, JobEngine, Ticket } from '../jobEngine.js';
import type { JobConfig } from '../jobStatus.js';
import { activityOf, readActivity } from './activity.js';
import { endFutureTimes } from './futureTimes.js';
import { installFailure } from './installFailure.js';
import { guardedTracerProvider, meterProvider } from './guardedTelemetry.js';
import { isOutdated, pgBossDatabase } from './pgBossDatabase.js';
import { DEAD_LETTER_QUEUE, deadLetterOptions, queueOptions, rhythm, runOptions, workOptions } from './queueOptions.js';
import { AT_START, bringForward, isAsked, isAtStart, setSchedule } from './schedules.js';
import { schemaExists, tableExists } from './schemaExists.js';

export interface PgBossOptions {
  readonly database: Database;
  /** PostgreSQL schema of pg-boss's tables: lower-case letters, digits and underscores. */
  readonly schema: string;
  /** Whether this process may make and update that schema. Without it, another version of it is an error. */
  readonly mayInstall: boolean;
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly clock: Clock;
  /** Called for what fails in the background, perhaps in bursts. */
  readonly onError: (error: unknown) => void;
  /** Called for a failure that says nothing of now, instead. */
  readonly onPassingError: (error: unknown) => void;
  readonly onWarning: (type: string) => void;
}

/** A due run that is this near is waited for, so that it starts on time and not at the next look. */
const WAITED_FOR_MS = 45_000;

/**
 * The engine on pg-boss. A job is a queue of the policy `exclusive`: at most one run is planned, waiting for its repetition or
 * under way, in the whole database, and whatever would add another is dropped.
 *
 * A replica that is killed in the middle of a run is replaced within a minute plus the job's retry delay: see `queueOptions.ts`.
 */
export class PgBossEngine implements JobEngine {
  readonly #options: PgBossOptions;
  readonly #workers = new Map<string, string>();
  #boss: PgBoss | undefined;
  /** For a process that takes no part but is asked to run something. */
  #caller: PgBoss | undefined;
  #ending = new AbortController();
  /** Whether the tables of pg-boss have been seen. */
  #isInstalled = false;

  constructor(options: PgBossOptions) {
    this.#options = options;
  }

  async install(): Promise<void> {
    const boss = await this.#create({ mayInstall: true, supervise: false, schedule: false });
    await this.#open(boss);
    await boss.stop({ close: false, graceful: false });
  }

  async start(names: readonly string[], attempt: (jobName: string, attempt: Attempt) => Promise<unknown>): Promise<void> {
    const { mayInstall } = this.#options;
    this.#ending = new AbortController();
    const boss = (this.#boss = await this.#create({ mayInstall, supervise: true, schedule: true }));
    await this.#open(boss);
    await boss.createQueue(DEAD_LETTER_QUEUE, deadLetterOptions);
    for (const name of names) {
      await boss.createQueue(name, { policy: 'exclusive', ...queueOptions });
      // What an earlier release made keeps its options otherwise.
      await boss.updateQueue(name, queueOptions);
    }
    for (const name of names) {
      const handle = async ([job]: JobWithMetadata[]): Promise<unknown> => (job === undefined ? undefined : attempt(name, attemptOf(job)));
      this.#workers.set(name, await inNoTrace(() => boss.work(name, workOptions(this.#options.database.kind), handle)));
    }
  }

  async schedule(config: JobConfig, dueInMs: number): Promise<void> {
    const boss = await this.#taking();
    const planned = await setSchedule(boss, config, dueInMs).catch((error: unknown) => {
      throw installFailure(error, this.#options.schema) ?? error;
    });
    if (planned === 'planned' && dueInMs < WAITED_FOR_MS) this.#wakeIn(config.name, dueInMs);
  }

  async endFutureTimes(names: readonly string[]): Promise<void> {
    const { database, schema } = this.#options;
    await database.query(endFutureTimes(schema), [names]);
  }

  async runSoon(config: JobConfig): Promise<void> {
    const boss = await this.#taking();
    if ((await boss.send(config.name, AT_START, runOptions(config))) === null) await bringForward(boss, config.name, false);
    this.#wake(config.name);
  }

  async runNow(config: JobConfig): Promise<Ticket | 'running'> {
    const { schema } = this.#options;
    try {
      if (!(await this.#seesTables())) throw new JobsUnavailableError(schema, 'not_installed');
      return await this.#runNow(await this.#taking(), config);
    } catch (error) {
      throw installFailure(error, schema) ?? error;
    }
  }

  async #runNow(boss: PgBoss, config: JobConfig): Promise<Ticket | 'running'> {
    const { name } = config;
    // What is planned may be taken or end between the two statements, but not every time.
    for (let tries = 0; tries < 3; tries += 1) {
      const runId = await boss.send(name, { asked: true }, runOptions(config));
      const ticket = runId === null ? await bringForward(boss, name, true) : { jobName: name, runId, fromAttempt: 0 };
      if (ticket !== undefined) {
        this.#wake(name);
        return ticket;
      }
      if ((await this.activity([name])).get(name)?.running === true) return 'running';
    }
    return 'running';
  }

  async outcome({ jobName, runId, fromAttempt }: Ticket): Promise<AttemptOutcome | undefined> {
    const job = await (await this.#taking()).getJobById(jobName, runId);
    if (job === null) return { succeeded: false, value: undefined };
    if (job.state === 'completed') return { succeeded: true, value: job.output };
    const hasFailed = job.state === 'failed' || (job.state === 'retry' && job.output !== null && job.retryCount >= fromAttempt);
    return hasFailed ? { succeeded: false, value: job.output } : undefined;
  }

  async activity(names: readonly string[]): Promise<ReadonlyMap<string, JobActivity>> {
    const { database, schema } = this.#options;
    try {
      if (!(await this.#seesTables())) return new Map();
      return await activityOf(database, readActivity(schema), names, DEAD_LETTER_QUEUE);
    } catch (error) {
      // Nothing has run where nothing is installed.
      if (installFailure(error, schema)?.data.reason === 'not_installed') return new Map();
      throw error;
    }
  }

  async stop(graceMs: number): Promise<void> {
    this.#ending.abort(new Error('stopped'));
    const boss = this.#boss;
    this.#boss = undefined;
    this.#workers.clear();
    await boss?.stop({ close: false, timeout: graceMs });
  }

  async #create(parts: { mayInstall: boolean; supervise: boolean; schedule: boolean }): Promise<PgBoss> {
    const { database, schema, tracer, meter, onError, onPassingError, onWarning } = this.#options;
    const { PgBoss: Boss } = await loadPeer('pg-boss');
    const boss = new Boss({
      db: pgBossDatabase(database),
      schema,
      backend: database.kind === 'embedded' ? 'pglite' : 'postgres',
      migrate: parts.mayInstall,
      // Even IF NOT EXISTS needs the right to create schemas, which a role need not have where an administrator made it.
      createSchema: parts.mayInstall && !(await this.#finds(schemaExists, schema)),
      supervise: parts.supervise,
      schedule: parts.schedule,
      ...rhythm(database.kind),
      openTelemetry: { tracerProvider: guardedTracerProvider(tracer), meterProvider: meterProvider(meter) },
    });
    boss.on('error', (error) => (isOutdated(error) ? onPassingError : onError)(error));
    boss.on('warning', ({ data }) => onWarning(warningType(data)));
    return boss;
  }

  /** A statement that fails would stand in traces and metrics of a new server, which nothing is wrong with. */
  async #seesTables(): Promise<boolean> {
    this.#isInstalled ||= await this.#finds(tableExists, `${this.#options.schema}.job`);
    return this.#isInstalled;
  }

  async #finds(statement: Statement, name: string): Promise<boolean> {
    const [row] = await this.#options.database.query<{ found: boolean }>(statement, [name]);
    return row?.found === true;
  }

  async #open(boss: PgBoss): Promise<void> {
    try {
      await inNoTrace(() => boss.start());
    } catch (error) {
      throw installFailure(error, this.#options.schema) ?? error;
    }
  }

  /** The boss that takes part, or one that is never started: without timers, it only sends. */
  async #taking(): Promise<PgBoss> {
    return this.#boss ?? (this.#caller ??= await this.#create({ mayInstall: false, supervise: false, schedule: false }));
  }

  #wake(jobName: string): void {
    const worker = this.#workers.get(jobName);
    if (worker !== undefined) this.#boss?.notifyWorker(worker);
  }

  #wakeIn(jobName: string, delayMs: number): void {
    const { clock } = this.#options;
    void clock.sleep(Math.max(0, delayMs), { signal: this.#ending.signal, unref: true }).then(
      () => this.#wake(jobName),
      () => undefined,
    );
  }
}

function attemptOf({ retryCount, data, signal }: JobWithMetadata): Attempt {
  return { retryCount, asked: isAsked(data), atStart: isAtStart(data), signal };
}

/** The timers and loops that pg-boss starts belong to no call. */
function inNoTrace<T>(start: () => Promise<T>): Promise<T> {
  return context.with(ROOT_CONTEXT, start);
}

function warningType(data: object): string {
  return 'type' in data && typeof data.type === 'string' ? data.type : 'other';
}
