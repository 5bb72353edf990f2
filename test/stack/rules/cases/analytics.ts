import { levelSituations } from '../harness/level.js';
import { fires, silent } from '../harness/proof.js';
import type { Firing, Proof } from '../harness/proof.js';

const SHOP = 'job="shop",deployment_environment_name="production"';
const labels = { job: 'shop', deployment_environment_name: 'production' };
const ofAnalytics = { severity: 'ticket', area: 'service', board: 'handoff-lifecycle' } as const;

const open = (kind: string, severity: string, process = 'shop-1'): string =>
  `handoff_anomaly_open{${SHOP},instance="${process}",handoff_anomaly_kind="${kind}",handoff_anomaly_severity="${severity}"}`;
const lag = (process = 'shop-1'): string => `handoff_anomaly_lag_seconds{${SHOP},instance="${process}"}`;
const rollup = (kind: string, process = 'shop-1'): string =>
  `handoff_rollup_lag_seconds{${SHOP},instance="${process}",handoff_rollup_kind="${kind}"}`;

const unusual = (kind: string, count: number): Firing => ({
  labels: { ...labels, handoff_anomaly_kind: kind },
  summary: `shop: ${String(count)} series with an anomaly of high severity (${kind})`,
  description:
    'The service detected it in its own data, by comparing each series with its history. It means that something is unusual, not that it is harmful, and it does not say why.',
});

export const analyticsProofs: readonly Proof[] = [
  {
    ...ofAnalytics,
    alert: 'AnomalyOpen',
    situations: [
      ...levelSituations({
        samples: (values) => ({ [open('tool_latency', 'high')]: values, [open('tool_calls', 'high')]: '0x200' }),
        quiet: 0,
        above: 1,
        below: 0,
        forMinutes: 0,
        firing: unusual('tool_latency', 1),
        // It fires at once.
      }).filter(({ name }) => name !== 'it rises for less than the time it has to last'),
      {
        name: 'two kinds, of which all processes say the same',
        samples: {
          [open('tool_latency', 'high')]: '3x60',
          [open('tool_latency', 'high', 'shop-2')]: '3x60',
          [open('tool_calls', 'high')]: '1x60',
        },
        at: [fires(30, unusual('tool_calls', 1), unusual('tool_latency', 3))],
      },
      {
        name: 'less rare ones',
        samples: { [open('tool_latency', 'medium')]: '2x60', [open('tool_latency', 'low')]: '5x60' },
        at: [silent(10), silent(50)],
      },
    ],
  },
  {
    ...ofAnalytics,
    alert: 'AnomalyDetectionLags',
    situations: levelSituations({
      samples: (values) => ({ [lag()]: values, [lag('shop-2')]: '60x200' }),
      quiet: 300,
      above: 7201,
      below: 7200,
      forMinutes: 5,
      firing: {
        labels,
        summary: 'shop: anomaly detection is 2h 0m 1s behind',
        description:
          'Five-minute buckets are waiting to be examined: anomalies in them are not known yet, and AnomalyOpen cannot fire for them.',
      },
    }),
  },
  {
    ...ofAnalytics,
    alert: 'RollupLags',
    situations: levelSituations({
      samples: (values) => ({
        [rollup('performance')]: values,
        [rollup('performance', 'shop-2')]: '60x200',
        [rollup('sessions')]: '7200x200',
      }),
      quiet: 90,
      above: 7201,
      below: 7200,
      forMinutes: 5,
      firing: {
        labels: { ...labels, handoff_rollup_kind: 'performance' },
        summary: 'shop: rollups of performance are 2h 0m 1s behind',
        description: 'Reports do not include that time, anomalies in it are not detected, and log partitions that are due are not dropped.',
      },
    }),
  },
];
