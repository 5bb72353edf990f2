import { sessionMetrics } from '../../../../src/telemetry/catalogue/sessions.js';
import { ATTR_HANDOFF_CONTEXT_TYPE } from '../../../../src/telemetry/semconv.js';
import { bucketSeries, countSeries, labelName, sumSeries } from '../../names/series.js';
import { toDatabases, toLogs } from '../../panels/links.js';
import { buckets, lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { mean, quantile, rate, sum } from '../../promql/expressions.js';

const metric = sessionMetrics.contextSize;
const BY = [ATTR_HANDOFF_CONTEXT_TYPE];
const LEGEND = `{{${labelName(ATTR_HANDOFF_CONTEXT_TYPE)}}}`;
const common = { links: [toDatabases, toLogs], empty: 'No entries' } as const;

/** What is added to sessions: how often, how much, how large. */
export function contextRow(): RowSpec {
  return {
    title: 'Context',
    panels: [
      lines({
        ...common,
        title: 'Entries added per second, by type',
        description: 'A rise of tool_call alone is often an agent in a loop: its log records name the session.',
        unit: 'ops',
        stacked: true,
        queries: [lineOf(sum(rate(countSeries(metric), scope), BY), LEGEND)],
      }),
      lines({
        ...common,
        title: 'Content added per second, by type',
        description: 'What the database has to store, before compression. It shows how fast the disk fills up.',
        unit: 'Bps',
        stacked: true,
        queries: [lineOf(sum(rate(sumSeries(metric), scope), BY), LEGEND)],
      }),
      lines({
        ...common,
        title: 'Size of entries, by type',
        description: 'Mean and p95. Large entries make every read of their session slow.',
        unit: 'bytes',
        queries: [lineOf(mean(metric, scope, BY), `${LEGEND} mean`), lineOf(quantile(0.95, metric, scope, BY), `${LEGEND} p95`)],
      }),
      {
        ...common,
        kind: 'heatmap',
        width: 24,
        title: 'Entries by size',
        description: 'Shows which sizes are usual, and whether a new kind of content appears. A dot leads to the trace of the call.',
        unit: 'bytes',
        queries: [buckets(sum(rate(bucketSeries(metric), scope), ['le']))],
      },
    ],
  };
}
