import { selector } from '../../names/selectors.js';
import { runtimeMetric } from '../../names/runtime.js';
import { seriesName } from '../../names/series.js';
import { toLogs, toMcp } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { fromOn } from '../../panels/thresholds.js';
import { scope } from '../../panels/variables.js';
import { aggregated, rate, sum } from '../../promql/expressions.js';

const common = { links: [toMcp, toLogs], empty: 'No Node.js metrics' } as const;
const gauge = (name: string): string => selector(seriesName(runtimeMetric(name)), scope);
const delay = (figure: string): string => aggregated('max', gauge(`nodejs.eventloop.delay.${figure}`), ['instance']);

/** Everything in Node runs on one loop: when it is busy, everything waits. */
export function eventLoopRow(): RowSpec {
  return {
    title: 'Event loop',
    panels: [
      lines({
        ...common,
        title: 'Utilisation, by instance',
        description:
          'Share of the time in which the event loop was busy. Above 0.8, requests wait for one another: add replicas, or find what uses the CPU in a CPU profile.',
        unit: 'percentunit',
        min: 0,
        max: 1,
        queries: [lineOf(aggregated('max', gauge('nodejs.eventloop.utilization'), ['instance']), '{{instance}}')],
        thresholds: fromOn(0.8),
      }),
      lines({
        ...common,
        title: 'Delay p99, by instance',
        description:
          'How late timers were. Tens of milliseconds are normal. Every request waits at least as long, so compare with the durations of calls.',
        unit: 's',
        queries: [lineOf(delay('p99'), '{{instance}}')],
        thresholds: fromOn(0.25),
      }),
      lines({
        ...common,
        title: 'Delay, worst instance',
        description:
          'Median, p90, mean and maximum of the instance that was worst. If only the maximum is high, there was a single stall, for instance a large JSON text or a garbage collection.',
        unit: 's',
        queries: ['p50', 'p90', 'mean', 'max'].map((figure) =>
          lineOf(aggregated('max', gauge(`nodejs.eventloop.delay.${figure}`)), figure),
        ),
      }),
      lines({
        ...common,
        title: 'Time of the event loops, by state',
        description:
          'Seconds per second over all instances. active is the time in which the processes worked; use it to plan the number of cores.',
        unit: 'none',
        width: 12,
        stacked: true,
        queries: [
          lineOf(
            sum(rate(seriesName(runtimeMetric('nodejs.eventloop.time')), scope), ['nodejs.eventloop.state']),
            '{{nodejs_eventloop_state}}',
          ),
        ],
      }),
      lines({
        ...common,
        title: 'What keeps the loop alive, by type',
        description: 'Sockets, timers and the like. If a type only grows, there is a leak.',
        unit: 'short',
        width: 12,
        queries: [lineOf(sum(gauge('v8js.resource.active'), ['v8js.resource.type']), '{{v8js_resource_type}}')],
      }),
    ],
  };
}
