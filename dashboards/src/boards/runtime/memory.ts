import { selector } from '../../names/selectors.js';
import { runtimeMetric } from '../../names/runtime.js';
import { countSeries, seriesName, sumSeries } from '../../names/series.js';
import { toLogs, toMcp } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { fromOn } from '../../panels/thresholds.js';
import { scope } from '../../panels/variables.js';
import { quantile, rate, sum } from '../../promql/expressions.js';

const SPACE = 'v8js.heap.space.name';
const GC = 'v8js.gc.type';
const common = { links: [toMcp, toLogs], empty: 'No Node.js metrics' } as const;
const bytes = (name: string, by: string): string => sum(selector(seriesName(runtimeMetric(name)), scope), [by]);

export function heapRow(): RowSpec {
  return {
    title: 'Heap',
    panels: [
      lines({
        ...common,
        title: 'Heap in use, by instance',
        description: 'A saw tooth is normal. If the low points keep rising, memory leaks: take two heap snapshots and compare them.',
        unit: 'bytes',
        queries: [lineOf(bytes('v8js.memory.heap.used', 'instance'), '{{instance}}')],
      }),
      lines({
        ...common,
        title: 'Heap in use, by space',
        description:
          'old_space holds what has lived for a while, large_object_space large texts and arrays: a leak shows in one of the two.',
        unit: 'bytes',
        stacked: true,
        queries: [lineOf(bytes('v8js.memory.heap.used', SPACE), '{{v8js_heap_space_name}}')],
      }),
      lines({
        ...common,
        title: 'Heap reserved, committed and free',
        description:
          'All spaces of all instances. Much reserved and little used follows a peak and is harmless; if there is no free space at all, the process is about to end for lack of memory.',
        unit: 'bytes',
        queries: ['size', 'physical_size', 'available_size'].map((figure) =>
          lineOf(sum(selector(seriesName(runtimeMetric(`v8js.memory.heap.space.${figure}`)), scope)), figure),
        ),
      }),
    ],
  };
}

export function collectionsRow(): RowSpec {
  const metric = runtimeMetric('v8js.gc.duration');
  const legend = '{{v8js_gc_type}}';
  return {
    title: 'Garbage collection',
    panels: [
      lines({
        ...common,
        title: 'Share of the time spent, by instance',
        description: 'A few percent are normal. Above 10 %, the heap is too small for the work, or nearly full.',
        unit: 'percentunit',
        min: 0,
        queries: [lineOf(sum(rate(sumSeries(metric), scope), ['instance']), '{{instance}}')],
        thresholds: fromOn(0.1),
      }),
      lines({
        ...common,
        title: 'Collections per second, by kind',
        description: 'Many minor ones are short-lived objects; many major ones mean that memory is tight.',
        unit: 'ops',
        queries: [lineOf(sum(rate(countSeries(metric), scope), [GC]), legend)],
      }),
      lines({
        ...common,
        title: 'Duration p99, by kind',
        description: 'Nothing else runs during a collection: a major one of 0.1 s delays every request by 0.1 s.',
        unit: 's',
        queries: [lineOf(quantile(0.99, metric, scope, [GC]), legend)],
      }),
    ],
  };
}
