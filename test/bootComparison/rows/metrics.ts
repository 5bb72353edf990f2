import { notApplicable, yesOrNo } from '../../comparison/row.js';
import type { Finding } from '../../comparison/row.js';
import type { PointSeen } from '../lab/collector.js';
import type { Seen } from '../lab/run.js';
import type { Row } from '../row.js';
import { systemOf } from './system.js';

const USED = 3;
const WAITING = 1;

/** Sum over all series of each export; exports of one reader share a time to within a millisecond or so. */
function sumsOf(points: readonly PointSeen[]): readonly number[] {
  const sums = new Map<bigint, number>();
  for (const { timeUnixNano, value = 0 } of points)
    sums.set(timeUnixNano / 50_000_000n, (sums.get(timeUnixNano / 50_000_000n) ?? 0) + value);
  return [...sums.values()];
}

/** Y when, while three connections were in use and one caller waited, some export says so; P when it never does. */
export function poolCounts({ points }: Pick<Seen, 'points'>): Finding {
  const counts = points.filter(({ metric }) => metric === 'db.client.connection.count' || metric === 'db.client.connections.usage');
  const used = counts.filter(({ attributes }) => (attributes['db.client.connection.state'] ?? attributes['state']) === 'used');
  const pending = points.filter(
    ({ metric }) => metric === 'db.client.connection.pending_requests' || metric === 'db.client.connections.pending_requests',
  );
  if (counts.length === 0) return { cell: '-', observed: 'no pool metrics' };
  const right = { used: sumsOf(used).includes(USED), pending: sumsOf(pending).includes(WAITING) };
  if (right.used && right.pending) return { cell: 'Y', observed: '3 in use, 1 waiting' };
  return {
    cell: 'P',
    observed: `in use ${[...new Set(sumsOf(used))].join(', ') || 'never'}, waiting ${[...new Set(sumsOf(pending))].join(', ') || 'never'}; it was 3 and 1`,
  };
}

function named(pattern: RegExp, where: (point: PointSeen) => boolean = () => true): (seen: Seen) => Finding {
  return ({ points }) => {
    const names = [...new Set(points.filter((point) => pattern.test(point.metric) && where(point)).map(({ metric }) => metric))].sort();
    return yesOrNo(names.length > 0, names.length > 0 ? names.slice(0, 3).join(', ') : 'none');
  };
}

/** Trace ids in the bytes of metric exports: on the wire they are sixteen bytes, in JSON hexadecimal. */
export function exemplars({ spans, metricBodies }: Pick<Seen, 'spans' | 'metricBodies'>): Finding {
  if (metricBodies.length === 0) return notApplicable('no metrics by OTLP');
  const ids = [...new Set(spans.map(({ traceId }) => traceId))];
  const found = ids.some((id) => metricBodies.some((body) => body.includes(Buffer.from(id, 'hex')) || body.includes(id)));
  return yesOrNo(found, found ? 'trace ids on points' : 'none');
}

const rich = (title: string, rule: string, test: string, judge: (seen: Seen) => Finding): Row => ({
  title,
  rule,
  test,
  run: async (lab) => judge(await lab.rich()),
});

export const metricRows: readonly Row[] = [
  rich(
    'pool metrics, right with two pools',
    'Two pools on one database; 2 and 1 connections in use, one caller waits. Y: the sums over all series are 3 and 1 in some export meanwhile. P: there are such metrics, but never that. -: none.',
    'test/integration/instrumentation/libraries/pg/manyPools.test.ts',
    poolCounts,
  ),
  rich(
    'wait time of pools',
    'Y: a metric of it. -: none.',
    'test/integration/instrumentation/libraries/pg/pools.test.ts',
    named(/wait_time|wait\.time|wait_duration/),
  ),
  rich(
    'duration of queries',
    'Y: a histogram of it. -: none.',
    'test/integration/instrumentation/libraries/libraries.test.ts',
    named(/db\.client.*duration/, (point) => systemOf(point) === 'postgresql'),
  ),
  rich(
    'duration of Redis commands',
    'The same for Redis.',
    'test/integration/instrumentation/libraries/libraries.test.ts',
    named(/duration/, (point) => systemOf(point) === 'redis'),
  ),
  rich(
    'event loop, garbage collection, heap',
    'Y: metrics of Node’s runtime. -: none.',
    'test/integration/instrumentation/libraries/libraries.test.ts',
    named(/^(?:nodejs|v8js|process\.runtime|node\.runtime)/),
  ),
  rich(
    'exemplars',
    'Y: trace ids of spans in the bytes of metric exports. -: none. n.a.: no metrics by OTLP.',
    'test/integration/instrumentation/exemplars/exemplars.test.ts',
    exemplars,
  ),
  {
    title: 'cursors end their spans',
    rule: '`pg-cursor`, read in part and closed, inside a span. Y: a span of the query beneath it. -: none. n.a.: no pg spans at all.',
    test: 'test/integration/instrumentation/libraries/pg/cursors.test.ts',
    run: async (lab) => {
      const { spans } = await lab.rich();
      const queries = spans.filter((span) => systemOf(span) === 'postgresql' && !/connect/i.test(span.name));
      if (queries.length === 0) return notApplicable('no pg spans');
      const parent = spans.find(({ name }) => name === 'cursor parent');
      const ended = queries.some(({ traceId }) => traceId === parent?.traceId);
      return yesOrNo(ended, ended ? 'a span' : 'its span never ends');
    },
  },
];
