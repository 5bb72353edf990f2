import { metrics, trace } from '@opentelemetry/api';
import type { Meter, Tracer } from '@opentelemetry/api';
import type { JobDefinition } from './jobs/jobDefinition.js';
import { jobReports } from './jobs/jobReports.js';
import { createJobs } from './jobs/jobs.js';
import type { Jobs } from './jobs/jobs.js';
import { mayRunJobs } from './jobs/mayRunJobs.js';
import { PgBossEngine } from './jobs/pgBoss/pgBossEngine.js';
import { createSessions } from './sessions/sessions.js';
import type { Sessions } from './sessions/sessions.js';
import type { Cache } from './storage/cache.js';
import type { Database } from './storage/database.js';
import { meteredCache } from './storage/meteredCache.js';
import { sessionMetrics } from '../telemetry/catalogue/sessions.js';
import { storageMetrics } from '../telemetry/catalogue/storage.js';
import { createInstrument } from '../telemetry/instruments.js';
import type { Log } from '../telemetry/log.js';
import { createObserve } from '../telemetry/observe.js';
import type { Observe } from '../telemetry/observe.js';
import { systemClock } from '../time/clock.js';
import type { Clock } from '../time/clock.js';

export interface HandoffServicesOptions {
  readonly database: Database;
  readonly cache: Cache;
  /** Receives one record per operation; a pino logger can be passed directly. */
  readonly log: Log;
  /** Default 24 hours. */
  readonly sessionTtlHours?: number;
  /** Handoff packages include the whole history up to this content size. Default 8 MiB. */
  readonly maxPackageBytes?: number;
  /** A page of sessions or entries reads at most this many bytes of content and metadata, or one row. Default 4 MiB. */
  readonly maxPageBytes?: number;
  /** How scheduled jobs are run. */
  readonly jobs?: JobsOptions;
  /** Default: the global ones, as set by `instrument()` or any other SDK. */
  readonly tracer?: Tracer;
  readonly meter?: Meter;
  readonly clock?: Clock;
}

/** All of it has defaults. */
export interface JobsOptions {
  /** Whether `start()` makes this process run jobs. Without, others run what it asks for. Default true. */
  readonly enabled?: boolean;
  /** PostgreSQL schema of the job queue: lower-case letters, digits and underscores. Default `handoff_jobs`. */
  readonly schema?: string;
  /** Whether `start()` may make and update that schema. Default true. */
  readonly mayInstall?: boolean;
  /** Jobs of the host, which are run, configured and reported as ours are. */
  readonly definitions?: readonly JobDefinition[];
}

/** The services of a handoff server. */
export interface HandoffServices {
  readonly sessions: Sessions;
  /** The scheduled jobs: what they are, how they went, and how to run one now. */
  readonly jobs: Jobs;
  /**
   * Begins the work that nobody asks for: scheduled jobs. Returns at once and loads pg-boss afterwards; a server calls it when
   * it has answered for the first time. Never throws.
   */
  start(): void;
  /** Ends it. Jobs under way have `graceMs` to end, by default 1000, which is the least; close the storage afterwards. */
  stop(graceMs?: number): Promise<void>;
  /** Wraps an operation as the services wrap theirs; for related work of the host. */
  readonly observe: Observe;
}

const SCOPE = 'handoff-otel';
const DEFAULT_SESSION_TTL_HOURS = 24;
const DEFAULT_MAX_PACKAGE_BYTES = 8 * 1024 * 1024;
const DEFAULT_MAX_PAGE_BYTES = 4 * 1024 * 1024;
const DEFAULT_JOBS_SCHEMA = 'handoff_jobs';
const DEFAULT_STOP_MS = 1000;

/** Creates the services on storage that the caller has opened and will close. Starts nothing. */
export function createHandoffServices(options: HandoffServicesOptions): HandoffServices {
  const tracer = options.tracer ?? trace.getTracer(SCOPE);
  const meter = options.meter ?? metrics.getMeter(SCOPE);
  const clock = options.clock ?? systemClock;
  const observe = createObserve({ tracer, meter, log: options.log, clock });
  const sessions = createSessions({
    database: options.database,
    cache: meteredCache(options.cache, createInstrument(meter, storageMetrics.cacheOperations)),
    observe,
    clock,
    recordContextSize: createInstrument(meter, sessionMetrics.contextSize),
    sessionTtlHours: options.sessionTtlHours ?? DEFAULT_SESSION_TTL_HOURS,
    maxPackageBytes: options.maxPackageBytes ?? DEFAULT_MAX_PACKAGE_BYTES,
    maxPageBytes: options.maxPageBytes ?? DEFAULT_MAX_PAGE_BYTES,
  });
  const jobs = newJobs(options, { observe, tracer, meter, clock });
  return { sessions, jobs, observe, start: () => jobs.start(), stop: (graceMs = DEFAULT_STOP_MS) => jobs.stop(graceMs) };
}

interface Emitters {
  readonly observe: Observe;
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly clock: Clock;
}

function newJobs({ database, log, jobs = {} }: HandoffServicesOptions, { observe, tracer, meter, clock }: Emitters): Jobs {
  const { enabled = true, schema = DEFAULT_JOBS_SCHEMA, mayInstall = true, definitions = [] } = jobs;
  const reports = jobReports(log, meter, clock);
  return createJobs({
    database,
    engine: new PgBossEngine({ database, schema, mayInstall, tracer, meter, clock, ...reports }),
    definitions,
    observe,
    clock,
    random: Math.random,
    reports,
    mayRun: () => enabled && mayRunJobs(database),
  });
}
