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
    alerts: [{ name: 'NotificationsFail', labels: { stage: 'from Alertmanager' } }],
    begin: ({ webhooks, backEndMetrics }) => {
      webhooks.refuse('ticket');
      return Promise.resolve(backEndMetrics.breakDown(true)); // something to tell of
    },
    end: ({ webhooks, backEndMetrics }) => {
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
    name: 'somebody pushes what is too old, and labels that collide',
    alerts: [
      { name: 'MetricsOutOfTime', labels: { cause: 'too old' }, onlyPushed: OWN },
      { name: 'MetricsTranslationWarns', onlyPushed: OWN },
    ],
    go: async ({ prometheus }) => {
      const url = `${prometheus.url('http')}/api/v1/otlp/v1/metrics`;
      await pushGauge(url, { atMs: Date.now() - TOO_OLD_MS, attributes: {} });
      await pushGauge(url, { atMs: Date.now(), attributes: { 'a.b': 'x', a_b: 'y' } });
    },
  },
];
