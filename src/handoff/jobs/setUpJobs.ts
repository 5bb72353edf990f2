import type { Meter, Tracer } from '@opentelemetry/api';
import type { Log } from '../../telemetry/log.js';
import type { Observe } from '../../telemetry/observe.js';
import type { Clock } from '../../time/clock.js';
import type { Database } from '../storage/database.js';
import type { JobDefinition } from './jobDefinition.js';
import { jobReports } from './jobReports.js';
import { createJobs } from './jobs.js';
import type { Jobs } from './jobs.js';
import { mayRunJobs } from './mayRunJobs.js';
import { PgBossEngine } from './pgBoss/pgBossEngine.js';

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

export interface JobSetUp {
  readonly database: Database;
  readonly log: Log;
  readonly observe: Observe;
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly clock: Clock;
  /** Jobs of our own. */
  readonly definitions: readonly JobDefinition[];
  readonly options: JobsOptions;
}

const DEFAULT_SCHEMA = 'handoff_jobs';

/** Creates the jobs over pg-boss. Starts nothing, and loads pg-boss when it is first needed. */
export function setUpJobs({ database, log, observe, tracer, meter, clock, definitions: ours, options }: JobSetUp): Jobs {
  const { enabled = true, schema = DEFAULT_SCHEMA, mayInstall = true, definitions = [] } = options;
  const reports = jobReports(log, meter, clock);
  return createJobs({
    database,
    engine: new PgBossEngine({ database, schema, mayInstall, tracer, meter, clock, ...reports }),
    definitions: [...ours, ...definitions],
    observe,
    clock,
    random: Math.random,
    reports,
    mayRun: () => enabled && mayRunJobs(database),
  });
}
