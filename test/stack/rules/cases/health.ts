import { fires, silent } from '../harness/proof.js';
import type { Firing, Proof, Samples, Situation } from '../harness/proof.js';

const SHOP = 'job="shop",deployment_environment_name="production",instance="shop-1"';
const labels = { job: 'shop', deployment_environment_name: 'production', instance: 'shop-1' };
const ofHealth = { area: 'service', board: 'handoff-lifecycle' } as const;

const state = (part: string, is: string): string =>
  `handoff_health_state{${SHOP},handoff_component_name="${part}",handoff_component_state="${is}"}`;

/** When a part is broken for an hour, it fires after `forMinutes` and ends with what is kept on for two minutes. */
function brokenFor(forMinutes: number, samples: (values: string) => Samples, firing: Firing): Situation[] {
  return [
    {
      name: 'it is broken for an hour, and mended',
      samples: samples('0x19 1x59 0x40'),
      at: [silent(19), silent(20 + forMinutes - 1), fires(20 + forMinutes, firing), fires(79, firing), fires(81, firing), silent(83)],
    },
    {
      name: 'it is broken for less than the time that it has to last',
      samples: samples(`0x19 1x${String(forMinutes - 1)} 0x40`),
      at: [silent(20 + forMinutes - 1), silent(20 + forMinutes), silent(20 + forMinutes + 2)],
    },
    { name: 'it ends while it fires', samples: samples('0x19 1x40'), at: [fires(60, firing), fires(64, firing), silent(70)] },
    { name: 'there is no such series', samples: {}, at: [silent(40)] },
  ];
}

const unhealthy: Firing = {
  labels,
  summary: 'shop: shop-1 says that it is unhealthy',
  description: 'For a minute the server has said that a part without which no call succeeds is broken.',
};
const broken: Firing = {
  labels: { ...labels, handoff_component_name: 'redis' },
  summary: 'shop: redis of shop-1 is not healthy',
  description: 'For five minutes the server has said that this part is degraded or unhealthy.',
};

export const healthProofs: readonly Proof[] = [
  {
    ...ofHealth,
    alert: 'ServerUnhealthy',
    severity: 'page',
    situations: [
      ...brokenFor(1, (values) => ({ [state('overall', 'unhealthy')]: values }), unhealthy),
      {
        name: 'it is degraded, or a part is unhealthy without which calls succeed',
        samples: { [state('overall', 'degraded')]: '1x60', [state('redis', 'unhealthy')]: '1x60', [state('overall', 'unhealthy')]: '0x60' },
        at: [silent(30), silent(50)],
      },
    ],
  },
  {
    ...ofHealth,
    alert: 'ServerPartBroken',
    severity: 'ticket',
    situations: [
      ...brokenFor(5, (values) => ({ [state('redis', 'unhealthy')]: values }), broken),
      ...brokenFor(5, (values) => ({ [state('redis', 'degraded')]: values }), broken),
      {
        name: 'all parts together are not a part, and a healthy part is not broken',
        samples: { [state('overall', 'unhealthy')]: '1x60', [state('overall', 'degraded')]: '1x60', [state('redis', 'healthy')]: '1x60' },
        at: [silent(30), silent(50)],
      },
    ],
  },
];
