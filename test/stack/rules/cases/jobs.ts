import { countedSituations } from '../harness/counted.js';
import { fires, firesSomehow, silent } from '../harness/proof.js';
import type { Proof, Situation } from '../harness/proof.js';

const SHOP = 'job="shop",deployment_environment_name="production"';
const labels = { job: 'shop', deployment_environment_name: 'production' };
const ofJobs = { severity: 'ticket', area: 'service', board: 'handoff-lifecycle' } as const;

const attempts = (job: string, more = '', process = 'shop-1', system = 'pg-boss'): string =>
  `messaging_process_duration_seconds_count{${SHOP},instance="${process}",messaging_system="${system}",messaging_destination_name="${job}"${more}}`;
const queue = (job: string, process = 'shop-1', state = 'ready'): string =>
  `pgboss_queue_jobs{${SHOP},instance="${process}",messaging_destination_name="${job}",pgboss_job_state="${state}"}`;

/** Samples and evaluations in the time after which a job counts as one that does not run. */
const STEPS = 24;

/** A job, and after how many minutes it counts as one that does not run. */
function doesNotRun(job: string, minutes: number): Proof {
  const step = minutes / STEPS;
  const minute = (steps: number): number => steps * step;
  const firing = {
    labels: { ...labels, messaging_destination_name: job },
    summary: `shop: the job ${job} did not run for four intervals (processes that run jobs: 1)`,
    description: 'There are processes that run jobs, but none of them has run this one, neither successfully nor with a failure.',
  };
  const situations: Situation[] = [
    {
      name: 'it runs, stops, and runs again',
      samples: { [queue(job)]: '0x120', [attempts(job)]: '1+1x40 41x39 42+1x40' },
      at: [silent(minute(62)), fires(minute(66), firing), fires(minute(79), firing), silent(minute(82))],
    },
    { name: 'it never ran', samples: { [queue(job)]: '0x60' }, at: [silent(minute(23)), fires(minute(26), firing)] },
    {
      name: 'other states of its queue say nothing more',
      samples: { [queue(job)]: '0x60', [queue(job, 'shop-1', 'failed')]: '3x60' },
      at: [fires(minute(26), firing)],
    },
    { name: 'only its failed runs are known', samples: { [queue(job, 'shop-1', 'failed')]: '3x60' }, at: [silent(minute(40))] },
    {
      name: 'another job runs',
      samples: { [queue(job)]: '0x60', [attempts('another')]: '1+1x60' },
      at: [fires(minute(26), firing)],
    },
    {
      name: 'another queue of the service has the same name and runs',
      samples: { [queue(job)]: '0x60', [attempts(job, '', 'shop-1', 'kafka')]: '1+1x60' },
      at: [fires(minute(26), firing)],
    },
    {
      name: 'one of two processes runs it',
      samples: { [queue(job)]: '0x60', [queue(job, 'shop-2')]: '0x60', [attempts(job, '', 'shop-2')]: '1+1x60' },
      at: [silent(minute(30)), silent(minute(58))],
    },
    {
      name: 'none of two processes runs it',
      samples: { [queue(job)]: '0x60', [queue(job, 'shop-2')]: '0x60' },
      at: [firesSomehow(minute(30))],
    },
    {
      name: 'what fails has run',
      samples: { [queue(job)]: '0x60', [attempts(job, ',error_type="JobFailedError"')]: '1+1x60' },
      at: [silent(minute(30)), silent(minute(58))],
    },
    {
      name: 'it runs once for each interval',
      samples: { [queue(job)]: '0x90', [attempts(job)]: Array.from({ length: 15 }, (_, run) => `${String(run + 1)}x5`).join(' ') },
      at: [silent(minute(30)), silent(minute(70))],
    },
    {
      name: 'the service began a short time ago',
      samples: { [queue(job)]: '_x50 0x20' },
      at: [silent(minute(60)), silent(minute(70))],
    },
    {
      name: 'the service ends while it fires',
      samples: { [queue(job)]: '0x66' },
      at: [fires(minute(60), firing), silent(minute(70))],
    },
    { name: 'there is no such job', samples: { [attempts('another')]: '1+1x60' }, at: [silent(minute(40))] },
    { name: 'there are no series', samples: {}, at: [silent(minute(40))] },
  ];
  return {
    ...ofJobs,
    alert: 'JobDoesNotRun',
    evaluatedEachMinutes: step,
    situations: situations.map((situation) => ({ ...situation, stepMinutes: step })),
  };
}

export const jobProofs: readonly Proof[] = [
  {
    ...ofJobs,
    alert: 'JobFails',
    situations: [
      ...countedSituations({
        series: attempts('session-cleanup', ',error_type="JobFailedError"'),
        least: 3,
        windowMinutes: 60,
        firing: {
          labels: { ...labels, messaging_destination_name: 'session-cleanup' },
          summary: 'shop: the job session-cleanup failed 3 times in an hour',
          description:
            'Each failure is an attempt, which is retried after the retry delay of the job. Once all retries are used up, the next attempt is the next scheduled run.',
        },
      }),
      {
        name: 'another queue of the service fails',
        samples: { [attempts('session-cleanup', ',error_type="Error"', 'shop-1', 'kafka')]: '_x9 90+9x50' },
        at: [silent(12), silent(40)],
      },
      { name: 'attempts succeed', samples: { [attempts('session-cleanup')]: '_x9 90+9x50' }, at: [silent(12), silent(40)] },
    ],
  },
  doesNotRun('dormant-detection', 120),
  doesNotRun('session-cleanup', 240),
  doesNotRun('cache-optimization', 480),
  doesNotRun('retention-enforcement', 5_760),
];
