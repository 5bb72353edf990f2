import { ATTR_ERROR_TYPE } from '../semconv.js';
import type { LogEventDefinition, MetricAttribute, MetricDefinition, OperationDefinition } from './definitions.js';

/** The scheduled work of a handoff server. */
export const jobOperations = {
  run: { name: 'handoff.job.run', description: 'One attempt to run a job, which the attribute `handoff.job.name` names.' },
  status: {
    name: 'handoff.job.status',
    description: 'The state of the jobs is read (tool `get_job_status`, resources `handoff://jobs` and `handoff://jobs/{jobName}`).',
  },
  ask: { name: 'handoff.job.ask', description: 'Somebody asks for a run of a job and waits for its result (tool `run_job_now`).' },
  configure: { name: 'handoff.job.configure', description: 'The configuration of a job is changed (tool `update_job_config`).' },
} as const satisfies Record<string, OperationDefinition>;

/** What pg-boss says as `messaging.system`. Other queues of the same service record under the same metric names. */
export const JOB_SYSTEM = 'pg-boss';
const SYSTEM: MetricAttribute = { key: 'messaging.system', values: [JOB_SYSTEM] };
const QUEUE: MetricAttribute = {
  key: 'messaging.destination.name',
  values: 'The names of the jobs, `handoff-dead-letters`, and the queue that pg-boss uses for scheduled runs.',
};
const DATABASE: MetricAttribute = { key: 'db.namespace', values: 'The database and the schema of pg-boss; one value for each process.' };
const SCHEMA: MetricAttribute = { key: 'pgboss.schema', values: 'The schema of pg-boss; one value for each process.' };
const ERROR: MetricAttribute = {
  key: ATTR_ERROR_TYPE,
  values: 'The class of the error; `_OTHER` if something other than an `Error` was thrown.',
};
const OPERATION: MetricAttribute = {
  key: 'messaging.operation.name',
  values: 'The operations of pg-boss: send, process, complete, fail and a few more.',
};
const OPERATION_TYPE: MetricAttribute = { key: 'messaging.operation.type', values: ['send', 'receive', 'process', 'settle'] };
const ALL = [SYSTEM, QUEUE, OPERATION, OPERATION_TYPE, DATABASE, SCHEMA, ERROR] as const;
/** Buckets of pg-boss itself, in seconds: those that the messaging conventions recommend. */
const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const;

/** pg-boss records all but the last, under the names of the messaging conventions; only the descriptions are ours. */
export const jobMetrics = {
  operationDuration: {
    name: 'messaging.client.operation.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of requests to the job queue: to add a run, or to report that it is done or has failed.',
    buckets: BUCKETS_S,
    attributes: ALL,
    source: 'pg-boss',
  },
  sentMessages: {
    name: 'messaging.client.sent.messages',
    kind: 'counter',
    unit: '{message}',
    description: 'Runs that were added to the job queue, or dropped because one was already scheduled.',
    attributes: ALL,
    source: 'pg-boss',
  },
  consumedMessages: {
    name: 'messaging.client.consumed.messages',
    kind: 'counter',
    unit: '{message}',
    description: 'Runs that this process took from the job queue.',
    attributes: ALL,
    source: 'pg-boss',
  },
  processDuration: {
    name: 'messaging.process.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of one attempt to run a job, by job; with `error.type` if it failed.',
    buckets: BUCKETS_S,
    attributes: ALL,
    source: 'pg-boss',
  },
  queueJobs: {
    name: 'pgboss.queue.jobs',
    kind: 'gauge',
    unit: '{job}',
    description: 'Runs of each job, by state. Every process checks once a minute, and reports the same value.',
    attributes: [
      SYSTEM,
      QUEUE,
      DATABASE,
      SCHEMA,
      { key: 'pgboss.job.state', values: ['deferred', 'ready', 'blocked', 'active', 'failed'] },
    ],
    source: 'pg-boss',
  },
  engineErrors: {
    name: 'handoff.job.engine.errors',
    kind: 'counter',
    unit: '{error}',
    description: 'Background failures of the job queue, for instance while the database is unavailable.',
    attributes: [
      { key: ATTR_ERROR_TYPE, values: 'An SQLSTATE, an errno name, one of our [error codes](errors.md), or the class of the error.' },
    ],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;

export const jobEvents = {
  engineFailed: {
    name: 'handoff.job.engine_failed',
    level: 'warn',
    description:
      'The job queue failed in the background, or could not start, and retries. At most one record per minute and kind of error.',
  },
  engineWarning: {
    name: 'handoff.job.engine_warning',
    level: 'warn',
    description: 'The job queue reports a problem; `warning` says which. At most one record per minute and kind.',
  },
} as const satisfies Record<string, LogEventDefinition>;
