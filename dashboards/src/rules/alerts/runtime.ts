import { boards } from '../../boardList.js';
import { runtimeMetric } from '../../names/runtime.js';
import { selector } from '../../names/selectors.js';
import { seriesName, sumSeries } from '../../names/series.js';
import type { AlertDefinition } from '../alert.js';
import type { RecordingRule } from '../rule.js';
import { SERVICE } from '../serviceLevels.js';
import { HOUR_S, MINUTE_S } from '../times.js';
import type { Times } from '../times.js';

const PROCESS = [...SERVICE, 'instance'].join(', ');
const NOW_S = 5 * MINUTE_S;
const HEAP_USED = seriesName(runtimeMetric('v8js.memory.heap.used'));
const HEAP_RECORD = `instance:${HEAP_USED}:sum`;

/** The heap of each process: the alert compares its lowest values, which only a recorded sum has. */
export const heapRules = (times: Times): RecordingRule[] => [
  { record: HEAP_RECORD, expr: `sum by (${PROCESS}) (last_over_time(${selector(HEAP_USED)}[${times(NOW_S)}]))` },
];

/** A process that is short of something is not down yet: nobody is woken up. */
const ofProcess = { severity: 'ticket', area: 'runtime', board: boards.runtime } as const;

export const runtimeAlerts: readonly AlertDefinition[] = [
  {
    ...ofProcess,
    name: 'EventLoopBusy',
    conditions: (times) => [
      {
        expr: `max by (${PROCESS}) (avg_over_time(${selector(seriesName(runtimeMetric('nodejs.eventloop.utilization')))}[${times(NOW_S)}])) > 0.9`,
      },
    ],
    forS: 10 * MINUTE_S,
    summary: '{{ $labels.job }}: the event loop of {{ $labels.instance }} is busy {{ $value | humanizePercentage }} of the time',
    description:
      'Node works on one core. Above 90 %, every call waits for others, and a little more traffic is enough to bring the process to a halt.',
    runbook: {
      means: 'The single thread of a process is busy all the time.',
      users: 'Every call takes longer, most of all the short ones.',
      mend: [
        'Start more replicas.',
        'Find what uses the time: `node --cpu-prof`, or the tool whose calls are slow without waiting for anything.',
      ],
      lies: 'A batch job that is supposed to use a whole core.',
    },
  },
  {
    ...ofProcess,
    name: 'EventLoopDelayHigh',
    conditions: (times) => [
      {
        expr: `max by (${PROCESS}) (avg_over_time(${selector(seriesName(runtimeMetric('nodejs.eventloop.delay.p99')))}[${times(NOW_S)}])) > 0.5`,
      },
    ],
    forS: 5 * MINUTE_S,
    summary: '{{ $labels.job }}: the event loop of {{ $labels.instance }} stalls for {{ $value | humanizeDuration }}',
    description: 'This is the 99th percentile of the event loop delay: one turn in a hundred blocks everything else for this long.',
    runbook: {
      means: 'Something computes for a long time without a pause, and blocks everything else in the process.',
      users: 'Calls that should take milliseconds take half a second and more, now and then.',
      mend: [
        'Large answers, `JSON.parse` of large texts, regular expressions and synchronous file access are the usual reasons: look for the tool that is called at those moments.',
        'Is the machine overloaded, or the CPU limit of the container too small? Then every process on it stalls.',
      ],
      lies: 'A suspended laptop or virtual machine looks like one long stall.',
    },
  },
  {
    ...ofProcess,
    name: 'MainThreadStalls',
    conditions: (times) => [
      {
        expr: `max by (${PROCESS}) (avg_over_time(${selector(seriesName(runtimeMetric('nodejs.eventloop.delay.max')))}[${times(NOW_S)}])) > 1`,
      },
    ],
    forS: 5 * MINUTE_S,
    summary:
      '{{ $labels.job }}: the main thread of {{ $labels.instance }} is blocked repeatedly, for {{ $value | humanizeDuration }} at a time',
    description: 'In each metrics interval, the main thread was once blocked for more than a second, and answered no calls.',
    runbook: {
      means:
        'Something blocks the main thread for more than a second at a time. It may be too rare to show in the percentiles of EventLoopDelayHigh.',
      users: 'Every call in progress at such a moment takes a second longer. Health checks are still answered, by a separate thread.',
      mend: [
        'Record a CPU profile (`node --cpu-prof`) over several of these moments: what takes long without a pause stands out.',
        'Large answers, `JSON.parse` of large texts and synchronous work of a host are the usual reasons.',
        'Is the CPU of the container limited? Then the system stops the process for the rest of each period: raise the limit.',
      ],
      lies: 'A suspended laptop or virtual machine looks like one long stall; a backup that freezes the machine each hour does too.',
    },
  },
  {
    ...ofProcess,
    name: 'GarbageCollectionHeavy',
    conditions: (times) => [
      { expr: `sum by (${PROCESS}) (rate(${selector(sumSeries(runtimeMetric('v8js.gc.duration')))}[${times(NOW_S)}])) > 0.2` },
    ],
    forS: 10 * MINUTE_S,
    summary: '{{ $labels.job }}: {{ $labels.instance }} spends {{ $value | humanizePercentage }} of its time on garbage collection',
    description:
      'When the heap is nearly full, Node collects garbage more and more often, frees less and less, and finally crashes with “out of memory”.',
    runbook: {
      means: 'The process spends more than a fifth of its time on cleaning up memory. The heap is close to its limit.',
      users: 'Calls are slow. Soon the process crashes, and its running calls fail.',
      mend: [
        'If it is urgent, restart the process: this frees the memory for a while.',
        'Is the limit too low? `--max-old-space-size`, and the memory of the container.',
        'Does the heap only grow (board “Node.js runtime”)? Take a heap snapshot and look for what it keeps.',
      ],
      lies: 'Large amounts of short-lived objects cause this too, even far from the limit.',
    },
  },
  {
    ...ofProcess,
    name: 'HeapGrows',
    conditions: (times) => {
      const lowest = `min_over_time(${HEAP_RECORD}[${times(HOUR_S)}])`;
      const before = `min_over_time(${HEAP_RECORD}[${times(HOUR_S)}] offset ${times(6 * HOUR_S)})`;
      return [{ expr: `${lowest} > 536870912\nand ${lowest} > 1.5 * ${before}` }];
    },
    forS: 30 * MINUTE_S,
    summary: '{{ $labels.job }}: the heap of {{ $labels.instance }} never falls below {{ $value | humanize1024 }}B',
    description:
      'The lowest value of an hour is 50 % higher than six hours ago, and above 512 MiB: probably something is kept that should be released.',
    runbook: {
      means: 'Memory that survives garbage collection grows from hour to hour. It looks like a leak.',
      users: 'Nothing yet.',
      mend: [
        'Compare with the number of open sessions and requests: if they grew as well, it may be load.',
        'Take two heap snapshots an hour apart and compare them.',
        'Restart the process before it reaches its limit.',
      ],
      lies: 'A cache that is still filling looks like a leak in its first hours.',
    },
  },
];
