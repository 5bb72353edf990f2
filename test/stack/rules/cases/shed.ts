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
  description:
    'In the last five minutes, more than 5 % of the calls were refused and told to retry later. Accepted calls are answered in time.',
});

/** Twenty processes, minute by minute, each of which lives for a single export. */
function shortLives(refusals: number, callsOfEach: number): Record<string, string> {
  const lives = Array.from({ length: 20 }, (_, index) => {
    const only = (value: number): string => `_x${String(70 + index)} ${String(value)}`;
    const process = `shop-${String(index)}`;
    return [
      [shed('queue_full', process), only(refusals)],
      [calls('tools/call', process), only(callsOfEach)],
    ] as const;
  });
  return Object.fromEntries(lives.flat());
}

const situations: readonly Situation[] = [
  {
    name: 'six of a hundred calls, for ten minutes',
    samples: { [shed('queue_full')]: '0x80 0+6x40 240x60', [calls()]: '0+100x200' },
    at: [silent(85), fires(95, refused('5.66')), fires(119, refused('5.66')), firesSomehow(123), silent(128)],
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
    at: [fires(100, refused('9.091'))],
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
    at: [fires(80, refused('9.091'))],
  },
  {
    name: 'a series appears with five hundred, and stands still',
    samples: { [shed('queue_full')]: '_x80 500x100', [calls()]: '0+100x200' },
    at: [silent(80), fires(81, refused('50')), fires(84, refused('50')), firesSomehow(88), silent(91)],
  },
  {
    name: 'processes live for a single export each, minute by minute',
    samples: shortLives(6, 100),
    at: [firesSomehow(82), firesSomehow(88)],
  },
  {
    name: 'processes live for a single export each, of which too few calls are refused',
    samples: shortLives(8, 200),
    at: [silent(82), silent(88)],
  },
  {
    name: 'a process appears with many calls, of which another one refuses some',
    samples: { [shed('queue_full', 'shop-2')]: '_x82 700x60', [calls()]: '_x80 100000x4 120000+20000x60' },
    at: [silent(83), silent(84), silent(85), silent(86)],
  },
  {
    name: 'a process appeared six minutes ago with many calls, and stands still since',
    samples: {
      [shed('queue_full', 'shop-2')]: '_x86 500x60',
      [calls()]: '_x80 100000x60',
      [calls('tools/call', 'shop-2')]: '0+100x160',
    },
    at: [silent(86), fires(88, refused('50'))],
  },
  {
    name: 'refusals are missing for forty minutes, and are then where they were',
    samples: { [shed('queue_full')]: '500x20 _x40 500x60', [calls()]: '0+100x160' },
    at: [silent(62), silent(63), silent(64)],
  },
  {
    name: 'refusals are missing for eighty minutes, and count as new',
    samples: { [shed('queue_full')]: '500x20 _x80 500x60', [calls()]: '0+100x160' },
    at: [silent(100), fires(103, refused('50')), silent(112)],
  },
  {
    name: 'most calls are missing for forty minutes, and are then where they were',
    samples: {
      [shed('queue_full')]: '_x61 500x60',
      [calls()]: '90000x20 _x40 90000x60',
      [calls('tools/call', 'shop-2')]: '0+100x160',
    },
    at: [silent(60), fires(63, refused('50'))],
  },
  {
    name: 'most calls are missing for eighty minutes, and count as new',
    samples: {
      [shed('queue_full')]: '_x101 500x60',
      [calls()]: '90000x20 _x80 90000x60',
      [calls('tools/call', 'shop-2')]: '0+100x160',
    },
    at: [silent(102), silent(104), silent(108)],
  },
  {
    name: 'counters begin again',
    samples: { [shed('queue_full')]: '1000x80 0x60', [calls()]: '1000+100x80 0+100x60' },
    at: [silent(83), silent(90)],
  },
  {
    name: 'three of four calls, over HTTP: they are no calls of MCP',
    samples: { [shed('queue_full')]: '0+300x120', [calls()]: '0+100x120' },
    at: [fires(100, refused('75'))],
  },
  { name: 'nobody is refused', samples: { [shed('queue_full')]: '0x120', [calls()]: '0+100x120' }, at: [silent(100)] },
  { name: 'nobody calls', samples: { [shed('queue_full')]: '0x120', [calls()]: '500x120' }, at: [silent(100)] },
  { name: 'there are no such series', samples: {}, at: [silent(100)] },
];

export const shedProofs: readonly Proof[] = [
  { alert: 'CallsShed', severity: 'ticket', area: 'service', board: 'handoff-monitoring', situations },
];
