import type { Meter, Tracer } from '@opentelemetry/api';
import type { Degradations } from '../resilience/degradations.js';
import type { Database } from '../storage/database.js';
import type { Log } from '../../telemetry/log.js';
import type { Observe } from '../../telemetry/observe.js';
import type { Clock } from '../../time/clock.js';
import type { JobDefinition } from './jobDefinition.js';
import { jobReports } from './jobReports.js';
import { createJobs } from './jobs.js';
import type { Jobs } from './jobs.js';
import { mayRunJobs } from './mayRunJobs.js';
import { PgBossEngine } from './pgBoss/pgBossEngine.js';
import { DEAD_LETTER_QUEUE } from './pgBoss/queueOptions.js';
import { usableDefinitions } from './usableDefinitions.js';

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

interface Emitters {
  readonly database: Database;
  readonly log: Log;
  readonly observe: Observe;
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly degradations: Degradations;
}

const DEFAULT_JOBS_SCHEMA = 'handoff_jobs';

/** Creates the jobs on pg-boss. Starts nothing. Throws `InvalidArgumentError` for a definition of the host that cannot be kept. */
export function openJobs(options: JobsOptions, ours: readonly JobDefinition[], emitters: Emitters): Jobs {
  const { enabled = true, schema = DEFAULT_JOBS_SCHEMA, mayInstall = true, definitions = [] } = options;
  const { database, log, observe, tracer, meter, clock, degradations } = emitters;
  const reports = jobReports(log, meter, clock, {
    failing: (reason) => degradations.degrade('jobs', 'queue', reason),
    working: () => degradations.restore('jobs', 'queue'),
  });
  return createJobs({
    database,
    engine: new PgBossEngine({ database, schema, mayInstall, tracer, meter, clock, ...reports }),
    definitions: usableDefinitions(ours, definitions, [DEAD_LETTER_QUEUE]),
    observe,
    clock,
    random: Math.random,
    reports,
    mayRun: () => enabled && mayRunJobs(database),
  });
}
