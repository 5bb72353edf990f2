import type { MetricDefinition } from '../../../src/telemetry/catalogue/definitions.js';
import { JOB_SYSTEM, jobMetrics } from '../../../src/telemetry/catalogue/jobs.js';
import { equals } from './selectors.js';
import type { Matcher } from './selectors.js';

/** Attributes of the job queue's metrics: pg-boss records them under these names, which the catalogue has as text. */
export const jobLabels = {
  /** The job, or another queue. */
  queue: attribute(jobMetrics.processDuration, 'messaging.destination.name'),
  state: attribute(jobMetrics.queueJobs, 'pgboss.job.state'),
  operation: attribute(jobMetrics.operationDuration, 'messaging.operation.name'),
} as const;

/** Points of the job queue under names of the messaging conventions. Without this the other queues of a service count as jobs that fail. */
export const ofJobSystem: Matcher = equals(attribute(jobMetrics.processDuration, 'messaging.system'), JOB_SYSTEM);

function attribute(metric: MetricDefinition, key: string): string {
  if (metric.attributes.some((known) => known.key === key)) return key;
  throw new TypeError(`The catalogue has no attribute ${key} of ${metric.name}: use one of src/telemetry/catalogue/jobs.ts.`);
}
