import { jobMetrics } from '../../../../src/telemetry/catalogue/jobs.js';
import { lifecycleLimits } from '../../../../src/telemetry/catalogue/objectives.js';
import { ATTR_ERROR_TYPE } from '../../../../src/telemetry/semconv.js';
import { boards } from '../../boardList.js';
import { jobLabels, ofJobSystem } from '../../names/jobLabels.js';
import { differs, equals, selector } from '../../names/selectors.js';
import { countSeries, labelName, seriesName } from '../../names/series.js';
import type { AlertDefinition } from '../alert.js';
import { increasedBy } from '../increased.js';
import { SERVICE } from '../serviceLevels.js';
import { HOUR_S, MINUTE_S } from '../times.js';
import type { Times } from '../times.js';

const JOB = labelName(jobLabels.queue);
const BY = [...SERVICE, JOB];
const NOW_S = 5 * MINUTE_S;
const WINDOW_S = HOUR_S;
/** The jobs with the fewest retries are tried so often in all. */
const FAILURES = 3;
const attempts = countSeries(jobMetrics.processDuration);

const ofJobs = { severity: 'ticket', area: 'service', board: boards.lifecycle } as const;

/** A queue that is there now and was there the whole time, of which nothing was run. */
function doesNotRun(job: string, intervalS: number, times: Times): string {
  const windowS = lifecycleLimits.missedIntervals * intervalS;
  const ofJob = equals(jobLabels.queue, job);
  const there = `last_over_time(${selector(seriesName(jobMetrics.queueJobs), [ofJob, equals(jobLabels.state, 'ready')])}[${times(NOW_S)}]`;
  const by = BY.join(', ');
  return [
    `count by (${by}) (${there}))`,
    `and count by (${by}) (${there} offset ${times(windowS)}))`,
    `unless (${increasedBy(BY, selector(attempts, [ofJobSystem, ofJob]), windowS, times)} > 0)`,
  ].join('\n');
}

export const jobAlerts: readonly AlertDefinition[] = [
  {
    ...ofJobs,
    name: 'JobFails',
    conditions: (times) => {
      const failures = selector(attempts, [ofJobSystem, differs(ATTR_ERROR_TYPE, '')]);
      return [{ expr: `${increasedBy(BY, failures, WINDOW_S, times)} >= ${String(FAILURES)}` }];
    },
    summary: `{{ $labels.job }}: the job {{ $labels.${JOB} }} failed {{ $value | printf "%.0f" }} times in an hour`,
    description:
      'Each failure is an attempt, which is retried after the retry delay of the job. Once all retries are used up, the next attempt is the next scheduled run.',
    runbook: {
      means: 'A scheduled job fails again and again.',
      users:
        'Nothing at first. But the work of the job is not done: sessions do not expire, become dormant, move to the archive or get deleted.',
      confirm:
        'get_job_status has the counts; the log record `handoff.job.run` of each attempt has the code (`error_type`), and its trace shows where.',
      mend: [
        'Do SweepsFail or DatabaseUnavailable fire? Their pages say more.',
        'Look the code up in docs/errors.md; codes of five characters are those of PostgreSQL.',
        'After fixing the cause, run the job at once with run_job_now.',
      ],
      lies: 'While the database is down, every attempt fails; this alert then resolves with DatabaseUnavailable.',
    },
  },
  {
    ...ofJobs,
    name: 'JobDoesNotRun',
    conditions: (times) => {
      const idle = Object.entries(lifecycleLimits.jobIntervalsS).map(([job, intervalS]) => `(${doesNotRun(job, intervalS, times)})`);
      return [{ expr: idle.join('\nor ') }];
    },
    forS: 5 * MINUTE_S,
    summary: `{{ $labels.job }}: the job {{ $labels.${JOB} }} did not run for four intervals (processes that run jobs: {{ $value | printf "%.0f" }})`,
    description: 'There are processes that run jobs, but none of them has run this one, neither successfully nor with a failure.',
    runbook: {
      means: 'A job is not being scheduled.',
      users: 'Nothing at first. Sessions that are due stay as they are, and the storage grows.',
      confirm: 'get_job_status: is the job enabled, when did it run last, when is the next run?',
      mend: [
        'Did somebody switch it off (`enabled: false`)? update_job_config switches it on.',
        'run_job_now: if it answers that the job is running, a process holds the run and does nothing with it: restart that process; another takes the run over within a minute and the retry delay.',
        'Does the log have `handoff.job.engine_failed`? It says why the job queue does not work.',
      ],
      lies: 'An interval that an operator made longer than four times the default, and a job that was switched off on purpose, look the same: silence it for that job. If servers with different service names share a database, those of one name may have made every run for four intervals: silence the alert for the others, or use the same name for all.',
    },
  },
];
