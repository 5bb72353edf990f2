import { fires, firesSomehow, silent } from '../harness/proof.js';
import type { Proof, Situation } from '../harness/proof.js';

const SHOP = 'job="shop",deployment_environment_name="production"';
const labels = { job: 'shop', deployment_environment_name: 'production' };

const shed = (reason: string, process = 'shop-1'): string =>
  `handoff_requests_shed_total{${SHOP},instance="${process}",handoff_shed_reason="${reason}"}`;
const calls = (method = 'tools/call', process = 'shop-1'): string =>
  `mcp_server_operation_duration_seconds_count{${SHOP},instance="${process}",mcp_method_name="${method}"}`;
const refused = (percent: string) => ({
  labels,
  summary: `shop: ${percent}% of the calls are refused because there are too many`,
  description: 'For five minutes more than one call in twenty was told to come back later. What is accepted is answered in time.',
});

const situations: readonly Situation[] = [
  {
    name: 'six of a hundred calls, for ten minutes',
    samples: { [shed('queue_full')]: '0x80 0+6x40 240x60', [calls()]: '0+100x200' },
    at: [silent(85), fires(95, refused('6')), fires(119, refused('6')), silent(130)],
  },
  {
    name: 'four of a hundred calls',
    samples: { [shed('queue_full')]: '0x80 0+8x60', [calls()]: '0+200x200' },
    at: [silent(95), silent(120)],
  },
  {
    name: 'of two reasons, and of tools and resources together',
    samples: {
      [shed('queue_full')]: '0+6x120',
      [shed('queue_timeout')]: '0+6x120',
      [calls()]: '0+100x120',
      [calls('resources/read')]: '0+20x120',
      [calls('ping')]: '0+900x120',
    },
    at: [fires(100, refused('10'))],
  },
  {
    name: 'a few refusals in many calls of another process',
    samples: { [shed('queue_full')]: '0+6x120', [calls()]: '0+60x120', [calls('tools/call', 'shop-2')]: '0+90x120' },
    at: [silent(100)],
  },
  {
    name: 'nineteen in five minutes, though they are a tenth',
    samples: { [shed('queue_full')]: '0+3.8x120', [calls()]: '0+38x120' },
    at: [silent(80), silent(110)],
  },
  {
    name: 'twenty in five minutes',
    samples: { [shed('queue_full')]: '0+4x120', [calls()]: '0+40x120' },
    at: [fires(80, refused('10'))],
  },
  {
    name: 'for three minutes only',
    samples: { [shed('queue_full')]: '0x80 500x100', [calls()]: '0+100x200' },
    at: [silent(83), silent(88), silent(95)],
  },
  {
    name: 'processes live for a single export each, minute by minute',
    samples: Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => {
        const process = `shop-${String(index)}`;
        const only = (value: number): string => `_x${String(70 + index)} ${String(value)}`;
        return [
          [shed('queue_full', process), only(6)],
          [calls('tools/call', process), only(100)],
        ] as const;
      }).flat(),
    ),
    at: [firesSomehow(82), firesSomehow(88)],
  },
  {
    name: 'a process appears with many calls, and refuses later',
    samples: { [shed('queue_full')]: '0x120 0+10x40', [calls()]: '_x112 100000x8 100000+20x40' },
    at: [silent(121), firesSomehow(131)],
  },
  {
    name: 'a process appears that refuses, and stands still',
    samples: { [shed('queue_full')]: '_x80 500x60', [calls()]: '_x80 600x60' },
    at: [silent(83), silent(90)],
  },
  {
    name: 'counters begin again',
    samples: { [shed('queue_full')]: '1000x80 0x60', [calls()]: '1000+100x80 0+100x60' },
    at: [silent(83), silent(90)],
  },
  { name: 'nobody is refused', samples: { [shed('queue_full')]: '0x120', [calls()]: '0+100x120' }, at: [silent(100)] },
  { name: 'nobody calls', samples: { [shed('queue_full')]: '0x120', [calls()]: '500x120' }, at: [silent(100)] },
  { name: 'there are no such series', samples: {}, at: [silent(100)] },
];

export const shedProofs: readonly Proof[] = [
  { alert: 'CallsShed', severity: 'ticket', area: 'service', board: 'handoff-monitoring', situations },
];
