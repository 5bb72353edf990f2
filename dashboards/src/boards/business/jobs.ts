import { jobMetrics } from '../../../../src/telemetry/catalogue/jobs.js';
import { ATTR_ERROR_TYPE } from '../../../../src/telemetry/semconv.js';
import { equals, selector } from '../../names/selectors.js';
import { countSeries, labelName, seriesName } from '../../names/series.js';
import { toDatabases, toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { aggregated, quantile, rate, sum } from '../../promql/expressions.js';

const { processDuration, queueJobs, engineErrors } = jobMetrics;
const QUEUE = 'messaging.destination.name';
const LEGEND = `{{${labelName(QUEUE)}}}`;
const common = { links: [toLogs, toDatabases], width: 12 } as const;

/** Scheduled work: whether it takes place, how long it takes, and what failed for good. */
export function jobsRow(): RowSpec {
  return {
    title: 'Scheduled jobs',
    panels: [
      lines({
        ...common,
        title: 'Attempts per second, by job and error',
        description:
          'A job that stops to appear is not run by any process: look for handoff.job.engine_failed in the logs. Without an error type an attempt succeeded.',
        unit: 'ops',
        stacked: true,
        queries: [
          lineOf(sum(rate(countSeries(processDuration), scope), [QUEUE, ATTR_ERROR_TYPE]), `${LEGEND} {{${labelName(ATTR_ERROR_TYPE)}}}`),
        ],
        empty: 'No job has run',
      }),
      lines({
        ...common,
        title: 'Duration of attempts, p95 by job',
        description:
          'A rise means that more is due, or that the database is slow. A job never overlaps with itself: one that takes longer than its interval runs less often.',
        unit: 's',
        queries: [lineOf(quantile(0.95, processDuration, scope, [QUEUE]), LEGEND)],
        empty: 'No job has run',
      }),
      lines({
        ...common,
        title: 'Runs that failed in every attempt, kept for a day',
        description: 'get_job_status shows those of 30 days as deadLetters; the logs have the cause under handoff.job.run.',
        unit: 'short',
        queries: [
          lineOf(aggregated('max', selector(seriesName(queueJobs), [equals('pgboss.job.state', 'failed'), ...scope]), [QUEUE]), LEGEND),
        ],
        empty: 'No job queue',
      }),
      lines({
        ...common,
        title: 'Failures of the job queue, by type',
        description:
          'Looks for work that failed. They end with an outage of the database; HANDOFF_JOBS_UNAVAILABLE needs an operator, and the log says what to do.',
        unit: 'ops',
        stacked: true,
        queries: [lineOf(sum(rate(seriesName(engineErrors), scope), [ATTR_ERROR_TYPE]), `{{${labelName(ATTR_ERROR_TYPE)}}}`)],
        empty: 'No failures',
      }),
    ],
  };
}
