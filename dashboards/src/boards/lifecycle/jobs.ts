import { jobMetrics } from '../../../../src/telemetry/catalogue/jobs.js';
import { ATTR_ERROR_TYPE } from '../../../../src/telemetry/semconv.js';
import { equals, selector } from '../../names/selectors.js';
import { countSeries, labelName, seriesName } from '../../names/series.js';
import { toDatabases, toLogs } from '../../panels/links.js';
import { figure, lineOf, lines } from '../../panels/make.js';
import { redPanels } from '../../panels/red.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { aggregated, quantile, increase, rate, sum } from '../../promql/expressions.js';
import { jobLabels, ofJobSystem } from '../../names/jobLabels.js';

const { queue, state, operation } = jobLabels;
const LEGEND = `{{${labelName(queue)}}}`;
/** Attempts, and what the queue is told, of the jobs alone. */
const ofJobs = [ofJobSystem, ...scope] as const;
const links = [toLogs, toDatabases] as const;

/** How the scheduled jobs went. */
export function jobsRow(): RowSpec {
  const panels = redPanels({
    what: 'Attempts',
    metric: jobMetrics.processDuration,
    matchers: ofJobs,
    by: [queue],
    byName: 'job',
    next: 'A failed attempt is retried after the retry delay of the job; get_job_status has its last result.',
    links,
    rateUnit: 'ops',
    empty: 'No job ran',
  });
  return {
    title: 'Jobs',
    panels: [
      {
        kind: 'stat',
        width: 24,
        title: 'Attempts that succeeded, by job',
        description:
          'In the time range of the board. A job that is missing here did not succeed even once: choose a range longer than its interval, which is a day for retention-enforcement.',
        unit: 'short',
        decimals: 0,
        queries: [
          figure(
            sum(increase(countSeries(jobMetrics.processDuration), [equals(ATTR_ERROR_TYPE, ''), ...ofJobs], '$__range'), [queue]),
            LEGEND,
          ),
        ],
        links,
        empty: 'No job succeeded',
      },
      ...panels,
    ],
  };
}

/** The queue behind them. */
export function queueRow(): RowSpec {
  const { queueJobs, sentMessages, consumedMessages, operationDuration, engineErrors } = jobMetrics;
  const common = { links, empty: 'No process takes part in the jobs' } as const;
  return {
    title: 'Queue of the jobs',
    panels: [
      lines({
        ...common,
        title: 'Runs in the queue, by job and state',
        description:
          'deferred is the next planned run or retry, and is normal. ready for minutes means that no process runs jobs; failed are runs of which every attempt failed.',
        unit: 'short',
        queries: [lineOf(aggregated('max', selector(seriesName(queueJobs), scope), [queue, state]), `${LEGEND} {{${labelName(state)}}}`)],
      }),
      lines({
        ...common,
        title: 'Runs planned and taken per second, by job',
        description: 'Most planned runs are dropped again, because a run of the job is already planned. Every run that is taken is run.',
        unit: 'ops',
        queries: [
          lineOf(sum(rate(seriesName(sentMessages), ofJobs), [queue]), `${LEGEND} planned`),
          lineOf(sum(rate(seriesName(consumedMessages), ofJobs), [queue]), `${LEGEND} taken`),
        ],
      }),
      lines({
        ...common,
        title: 'Duration of requests to the queue, p95',
        description: 'Each request is one or two statements. If this grows, the database is slow for everybody.',
        unit: 's',
        queries: [lineOf(quantile(0.95, operationDuration, ofJobs, [operation]), `{{${labelName(operation)}}}`)],
      }),
      lines({
        ...common,
        title: 'Failures of the queue per second, by error',
        description:
          'Failures in the background, which no call notices. ECONNREFUSED and the like are normal while the database is unavailable, and end when it is back. The log has the others as handoff.job.engine_failed.',
        unit: 'ops',
        width: 24,
        stacked: true,
        queries: [lineOf(sum(rate(seriesName(engineErrors), scope), [ATTR_ERROR_TYPE]), `{{${labelName(ATTR_ERROR_TYPE)}}}`)],
        empty: 'None',
      }),
    ],
  };
}
