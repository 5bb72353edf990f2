import { ProxyTracerProvider, metrics } from '@opentelemetry/api';
import type { Meter, Tracer } from '@opentelemetry/api';
import { createJobs } from '../../src/handoff/jobs/jobs.js';
import type { Jobs } from '../../src/handoff/jobs/jobs.js';
import type { JobDefinition, JobRun } from '../../src/handoff/jobs/jobDefinition.js';
import { jobReports } from '../../src/handoff/jobs/jobReports.js';
import type { JobsWatcher } from '../../src/handoff/jobs/jobReports.js';
import { PgBossEngine } from '../../src/handoff/jobs/pgBoss/pgBossEngine.js';
import type { Database } from '../../src/handoff/storage/database.js';
import { migrate } from '../../src/handoff/storage/migrate/migrate.js';
import { createPostgresDatabase } from '../../src/handoff/storage/postgres.js';
import { createObserve } from '../../src/telemetry/observe.js';
import { systemClock } from '../../src/time/clock.js';
import { freshDatabase } from './freshDatabase.js';
import { migratedDatabase } from './migratedDatabase.js';

const JOBS_SCHEMA = 'handoff_jobs';

/** A job that does what a test says; hourly, and repeated once after a second. */
export function testJob(name: string, run: (run: JobRun) => Promise<Readonly<Record<string, unknown>>>): JobDefinition {
  return { name, description: 'A job of a test.', defaults: { intervalMs: 3_600_000, maxRetries: 1, retryDelayMs: 1000 }, run };
}

export interface Replica {
  readonly jobs: Jobs;
  readonly engine: PgBossEngine;
  readonly database: Database;
  readonly log: readonly (readonly [level: string, fields: Record<string, unknown>, message: string])[];
}

export interface ReplicaOptions {
  readonly url?: string;
  readonly mayRun?: () => boolean;
  readonly mayInstall?: boolean;
  readonly tracer?: Tracer;
  readonly meter?: Meter;
  readonly watcher?: JobsWatcher;
}

export interface JobsFixture {
  readonly url: string;
  replica(definitions: readonly JobDefinition[], options?: ReplicaOptions): Promise<Replica>;
  sql<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Stops every replica; the database stays. */
  stopAll(): Promise<void>;
  dispose(): Promise<void>;
}

/** A migrated database of its own, and replicas that run jobs on it, each with a pool of its own. */
export async function jobsFixture(serverUrl?: string): Promise<JobsFixture> {
  const fresh = serverUrl === undefined ? await migratedDatabase() : await freshDatabase(serverUrl);
  const own = await openPostgres(fresh.url, 2);
  await migrate(own, {}, { clock: systemClock, random: Math.random });
  const replicas: Replica[] = [];
  const stopAll = async (): Promise<void> => {
    await Promise.all(replicas.map(({ jobs }) => jobs.stop(1000)));
    await Promise.all(replicas.splice(0).map(({ database }) => database.close()));
  };
  return {
    url: fresh.url,
    replica: async (definitions, options = {}) => {
      const replica = makeReplica(await openPostgres(options.url ?? fresh.url, 5), definitions, options);
      replicas.push(replica);
      return replica;
    },
    sql: async <Row extends object>(text: string, values: readonly unknown[] = []) => (await own.pool.query<Row>(text, [...values])).rows,
    stopAll,
    dispose: async () => {
      await stopAll();
      await own.close();
      await fresh.drop();
    },
  };
}

export function makeReplica(database: Database, definitions: readonly JobDefinition[], options: ReplicaOptions = {}): Replica {
  const log: [string, Record<string, unknown>, string][] = [];
  const level = (name: string) => (fields: object, message: string) => void log.push([name, fields as Record<string, unknown>, message]);
  const tracer = options.tracer ?? new ProxyTracerProvider().getTracer('test');
  const meter = options.meter ?? metrics.getMeter('test');
  const writer = { info: level('info'), warn: level('warn'), error: level('error') };
  const reports = jobReports(writer, meter, systemClock, options.watcher ?? { failing: () => undefined, working: () => undefined });
  const engine = new PgBossEngine({
    database,
    schema: JOBS_SCHEMA,
    mayInstall: options.mayInstall ?? true,
    tracer,
    meter,
    clock: systemClock,
    ...reports,
  });
  const jobs = createJobs({
    database,
    engine,
    definitions,
    observe: createObserve({ tracer, meter, log: writer, clock: systemClock }),
    clock: systemClock,
    random: Math.random,
    reports,
    mayRun: options.mayRun ?? (() => true),
  });
  return { jobs, engine, database, log };
}

function openPostgres(connectionString: string, poolSize: number): Promise<Database> {
  return createPostgresDatabase(
    { connectionString, poolSize, connectRetryMs: 500 },
    { clock: systemClock, random: Math.random, onConnectionLost: () => undefined },
  );
}
