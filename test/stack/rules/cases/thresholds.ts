import { countedSituations } from '../harness/counted.js';
import { levelSituations } from '../harness/level.js';
import { firesSomehow, silent } from '../harness/proof.js';
import type { Proof } from '../harness/proof.js';

const SHOP = 'job="shop",deployment_environment_name="production"';
const labels = { job: 'shop', deployment_environment_name: 'production' };
const PROCESS = `${SHOP},instance="shop-1"`;
const ofServer = { severity: 'ticket', board: 'handoff-monitoring' } as const;

const raised = (name: string): string => `handoff_alert_state{${PROCESS},handoff_alert_name="${name}"}`;
const told = (delivery: string): string =>
  `handoff_alert_notifications_total{${PROCESS},handoff_alert_target="webhook",handoff_alert_delivery="${delivery}"}`;
const reloads = (outcome: string): string => `handoff_config_reloads_total{${PROCESS},handoff_config_outcome="${outcome}"}`;

export const thresholdProofs: readonly Proof[] = [
  {
    ...ofServer,
    area: 'service',
    alert: 'ThresholdExceeded',
    situations: [
      ...levelSituations({
        samples: (values) => ({ [raised('response_time')]: values }),
        quiet: 0,
        above: 1,
        below: 0,
        forMinutes: 0,
        firing: {
          labels: { ...labels, handoff_alert_name: 'response_time' },
          summary: 'shop: response_time is above its threshold (servers: 1)',
          description:
            'The servers themselves raised this alert after HANDOFF_ALERT_HOLD_MS, and clear it when the value is well below the threshold again.',
        },
      }).filter(({ name }) => name !== 'it rises for less than the time it has to last'),
      ...['memory', 'disk'].map((name) => ({
        name: `${name}, of which another alert tells`,
        samples: { [raised(name)]: '1x30' },
        at: [silent(20)],
      })),
    ],
  },
  {
    ...ofServer,
    area: 'alerting',
    alert: 'AlertsNotDelivered',
    situations: [
      ...countedSituations({
        series: told('failed'),
        least: 1,
        windowMinutes: 10,
        firing: {
          labels: { ...labels, handoff_alert_target: 'webhook' },
          summary: 'shop: 1 notifications to webhook were not delivered',
          description: 'After several attempts, a handoff server could not deliver an alert of its own to Alertmanager or a webhook.',
        },
      }),
      { name: 'one is dropped', samples: { [told('dropped')]: '_x70 1x10' }, at: [firesSomehow(72)] },
      { name: 'many are delivered', samples: { [told('delivered')]: '_x70 90x10' }, at: [silent(72)] },
    ],
  },
  {
    ...ofServer,
    area: 'service',
    alert: 'ConfigReloadRefused',
    situations: [
      ...countedSituations({
        series: reloads('refused'),
        least: 1,
        windowMinutes: 10,
        firing: {
          labels,
          summary: 'shop: a configuration file was refused 1 times',
          description: 'A running server read its configuration file again and rejected it. It continues with its present settings.',
        },
      }),
      { name: 'files are taken', samples: { [reloads('applied')]: '_x70 3x10', [reloads('unchanged')]: '_x70 3x10' }, at: [silent(72)] },
    ],
  },
];
