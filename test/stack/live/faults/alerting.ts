import type { Fault } from './fault.js';
import { pushGauge } from './pushGauge.js';

const OWN = 'a metric that Prometheus has of itself, and only one has the fault';
const TOO_OLD_MS = 30 * 3_600_000;

/** What alerts themselves depend on. */
export const alertingFaults: readonly Fault[] = [
  {
    name: 'Tempo does not answer a scrape',
    alerts: [{ name: 'TargetDown', labels: { job: 'tempo' } }],
    begin: ({ backEndMetrics }) => Promise.resolve(backEndMetrics.breakDown(true)),
    end: ({ backEndMetrics }) => Promise.resolve(backEndMetrics.breakDown(false)),
  },
  {
    name: 'a receiver refuses notifications',
    isAlone: true,
    alerts: [{ name: 'NotificationsFail', labels: { stage: 'from Alertmanager' }, onlyPushed: 'the receivers of the other work' }],
    begin: ({ pushed: { webhooks }, backEndMetrics }) => {
      webhooks.refuse('ticket');
      return Promise.resolve(backEndMetrics.breakDown(true)); // something to tell of
    },
    end: ({ pushed: { webhooks }, backEndMetrics }) => {
      webhooks.refuse();
      return Promise.resolve(backEndMetrics.breakDown(false));
    },
  },
  {
    name: 'a rule fails',
    alerts: [{ name: 'RuleEvaluationFails', onlyPushed: OWN }],
    begin: ({ breakRules }) => breakRules(true),
    end: ({ breakRules }) => breakRules(false),
  },
  {
    name: 'somebody pushes a point that is too old, and a metric without points',
    alerts: [
      { name: 'MetricsOutOfTime', labels: { cause: 'too old' }, onlyPushed: OWN },
      { name: 'MetricsTranslationWarns', onlyPushed: OWN },
    ],
    go: async ({ pushed: { prometheus } }) => {
      const url = `${prometheus.url('http')}/api/v1/otlp/v1/metrics`;
      await pushGauge(url, [Date.now() - TOO_OLD_MS]);
      await pushGauge(url, []);
    },
  },
];
