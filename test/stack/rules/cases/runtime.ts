import { levelSituations } from '../harness/level.js';
import { fires, firesSomehow, silent } from '../harness/proof.js';
import type { Proof } from '../harness/proof.js';

const SHOP = 'job="shop",deployment_environment_name="production",instance="shop-1"';
const labels = { job: 'shop', deployment_environment_name: 'production', instance: 'shop-1' };
const ofProcess = { severity: 'ticket', area: 'runtime', board: 'handoff-runtime' } as const;
const heap = (space: string): string => `v8js_memory_heap_used_bytes{${SHOP},v8js_heap_space_name="${space}"}`;
const MIB = 1_048_576;

/** Two spaces that together use `before` MiB for eight hours, then `after`, sampled every five minutes. */
const heapOf = (before: number, after: number): Record<string, string> => ({
  [heap('old_space')]: `${String((before - 10) * MIB)}x96 ${String((after - 10) * MIB)}x200`,
  [heap('new_space')]: `${String(10 * MIB)}x300`,
});
const grows = {
  labels,
  summary: 'shop: the heap of shop-1 never falls below 513MiB',
  description:
    'The lowest value of an hour is 50 % higher than six hours ago, and above 512 MiB: probably something is kept that should be released.',
};

export const runtimeProofs: readonly Proof[] = [
  {
    ...ofProcess,
    alert: 'EventLoopBusy',
    situations: levelSituations({
      samples: (values) => ({ [`nodejs_eventloop_utilization_ratio{${SHOP}}`]: values }),
      quiet: 0.1,
      above: 0.91,
      below: 0.89,
      averagedMinutes: 5,
      forMinutes: 10,
      firing: {
        labels,
        summary: 'shop: the event loop of shop-1 is busy 91% of the time',
        description:
          'Node works on one core. Above 90 %, every call waits for others, and a little more traffic is enough to bring the process to a halt.',
      },
    }),
  },
  {
    ...ofProcess,
    alert: 'EventLoopDelayHigh',
    situations: levelSituations({
      samples: (values) => ({ [`nodejs_eventloop_delay_p99_seconds{${SHOP}}`]: values }),
      quiet: 0.01,
      above: 0.51,
      below: 0.49,
      averagedMinutes: 5,
      forMinutes: 5,
      firing: {
        labels,
        summary: 'shop: the event loop of shop-1 stalls for 510ms',
        description: 'This is the 99th percentile of the event loop delay: one turn in a hundred blocks everything else for this long.',
      },
    }),
  },
  {
    ...ofProcess,
    alert: 'MainThreadStalls',
    situations: levelSituations({
      samples: (values) => ({ [`nodejs_eventloop_delay_max_seconds{${SHOP}}`]: values }),
      quiet: 0.02,
      above: 1.01,
      below: 0.99,
      averagedMinutes: 5,
      forMinutes: 5,
      firing: {
        labels,
        summary: 'shop: the main thread of shop-1 is blocked repeatedly, for 1.01s at a time',
        description: 'In each metrics interval, the main thread was once blocked for more than a second, and answered no calls.',
      },
    }),
  },
  {
    ...ofProcess,
    alert: 'GarbageCollectionHeavy',
    situations: [
      {
        name: 'more than a fifth of the time, in two kinds of collections',
        samples: {
          [`v8js_gc_duration_seconds_sum{${SHOP},v8js_gc_type="major"}`]: '0+1x20 21+10x100 1021+0x40',
          [`v8js_gc_duration_seconds_sum{${SHOP},v8js_gc_type="minor"}`]: '0+1x20 21+2.6x100 281+0x40',
        },
        at: [
          silent(30),
          fires(60, {
            labels,
            summary: 'shop: shop-1 spends 21% of its time on garbage collection',
            description:
              'When the heap is nearly full, Node collects garbage more and more often, frees less and less, and finally crashes with “out of memory”.',
          }),
          firesSomehow(118),
          silent(128),
        ],
      },
      { name: 'just below', samples: { [`v8js_gc_duration_seconds_sum{${SHOP}}`]: '0+11.9x200' }, at: [silent(60), silent(120)] },
      {
        name: 'for ten minutes, and not longer',
        samples: { [`v8js_gc_duration_seconds_sum{${SHOP}}`]: '0+1x20 21+40x8 341+0x100' },
        at: [silent(28), silent(32), silent(35)],
      },
      { name: 'it begins', samples: { [`v8js_gc_duration_seconds_sum{${SHOP}}`]: '0+0x20 0+50x100' }, at: [silent(31), firesSomehow(37)] },
      {
        name: 'the process starts again at zero',
        samples: { [`v8js_gc_duration_seconds_sum{${SHOP}}`]: '0+3x40 0+3x100' },
        at: [silent(60)],
      },
      { name: 'there is no such series', samples: {}, at: [silent(60)] },
    ],
  },
  {
    ...ofProcess,
    alert: 'HeapGrows',
    evaluatedEachMinutes: 5,
    situations: [
      {
        name: 'half as much again as six hours ago, above 512 MiB',
        samples: heapOf(341, 513),
        stepMinutes: 5,
        // An hour until the lowest value has risen, half an hour more until it fires; seven hours later it is the new normal.
        at: [silent(565), fires(580, grows), fires(895, grows), silent(905)],
      },
      { name: 'not quite half as much again', samples: heapOf(344, 513), stepMinutes: 5, at: [silent(580), silent(700)] },
      { name: '512 MiB', samples: heapOf(200, 512), stepMinutes: 5, at: [silent(580), silent(700)] },
      {
        name: 'it falls once in an hour',
        samples: {
          [heap('old_space')]: `${String(100 * MIB)}x96 ${`${String(900 * MIB)}x8 ${String(100 * MIB)} `.repeat(20)}`.trim(),
        },
        stepMinutes: 5,
        at: [silent(580), silent(700)],
      },
      // One of the two conditions holds long before the other does.
      {
        name: 'it has grown by half long before it exceeds 512 MiB',
        samples: { [heap('old_space')]: `${String(200 * MIB)}x95 ${String(400 * MIB)}x23 ${String(600 * MIB)}x100` },
        stepMinutes: 5,
        at: [silent(680), firesSomehow(695)],
      },
      {
        name: 'it exceeds 512 MiB long before it has grown by half',
        samples: { [heap('old_space')]: `${String(400 * MIB)}x95 ${String(550 * MIB)}x23 ${String(700 * MIB)}x100` },
        stepMinutes: 5,
        at: [silent(680), firesSomehow(695)],
      },
      {
        name: 'it falls three minutes before every fourth evaluation',
        samples: {
          [heap('old_space')]:
            `${String(100 * MIB)}x120 ${`${String(900 * MIB)}x1 ${String(100 * MIB)} ${String(900 * MIB)}x1 `.repeat(40)}`.trim(),
        },
        stepMinutes: 4,
        at: [silent(600), silent(700), silent(800)],
      },
      {
        name: 'nine minutes ago a space was reported for the last time',
        samples: {
          [heap('old_space')]: `${String(100 * MIB)}x120 ${String(900 * MIB)}x43`,
          [heap('new_space')]: `${String(10 * MIB)}x300`,
        },
        stepMinutes: 4,
        at: [firesSomehow(660), silent(665)],
      },
      { name: 'there is no such series', samples: {}, at: [silent(700)] },
    ],
  },
];
