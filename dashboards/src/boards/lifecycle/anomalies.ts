import { anomalyMetrics } from '../../../../src/telemetry/catalogue/anomalies.js';
import { ATTR_ERROR_TYPE, ATTR_HANDOFF_ANOMALY_KIND, ATTR_HANDOFF_ANOMALY_SEVERITY } from '../../../../src/telemetry/semconv.js';
import { selector } from '../../names/selectors.js';
import { countSeries, labelName, seriesName } from '../../names/series.js';
import { toDatabases, toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { aggregated, quantile, rate, sum } from '../../promql/expressions.js';
import { failed } from '../../promql/objectives.js';

const FOUND = [ATTR_HANDOFF_ANOMALY_KIND, ATTR_HANDOFF_ANOMALY_SEVERITY];
const legendOf = (...keys: readonly string[]): string => keys.map((key) => `{{${labelName(key)}}}`).join(' ');
const common = { links: [toLogs, toDatabases] } as const;

/** What the service finds unusual in its own series, and whether it looks. */
export function anomaliesRow(): RowSpec {
  const { open, found, lag, duration, judged, stateSize } = anomalyMetrics;
  return {
    title: 'Anomalies',
    panels: [
      lines({
        ...common,
        title: 'Ongoing anomalies, by kind and severity',
        description:
          'All processes report the same. The log record handoff.anomaly.began says what is unusual, since when, how far it is from the expected value, and which traces show it.',
        unit: 'short',
        queries: [lineOf(aggregated('max', selector(seriesName(open), scope), FOUND), legendOf(...FOUND))],
        empty: 'No process has looked yet',
      }),
      lines({
        ...common,
        title: 'Anomalies found per second, by kind and severity',
        description: 'With 30 series, two a day are expected at the default sensitivity even if nothing is wrong.',
        unit: 'ops',
        queries: [lineOf(sum(rate(seriesName(found), scope), FOUND), legendOf(...FOUND))],
        empty: 'None was found',
      }),
      lines({
        ...common,
        title: 'How far detectors are behind',
        description: 'Up to ten minutes are normal. If it grows, look at how far rollups are behind, then at the job analytics-anomalies.',
        unit: 's',
        queries: [lineOf(aggregated('max', selector(seriesName(lag), scope), []), 'oldest bucket')],
        empty: 'Nothing was rolled up yet',
      }),
      lines({
        ...common,
        title: 'Duration p95 of a run of the detectors',
        description: 'Only runs that had new buckets to examine, which is one every five minutes.',
        unit: 's',
        queries: [lineOf(quantile(0.95, duration, scope, []), 'p95')],
        empty: 'No run had anything to judge',
      }),
      lines({
        ...common,
        title: 'Runs of the detectors that fail per second, by error',
        description: 'The next run continues where a failed one ended.',
        unit: 'ops',
        queries: [
          lineOf(sum(rate(countSeries(duration), [failed(ATTR_ERROR_TYPE), ...scope]), [ATTR_ERROR_TYPE]), legendOf(ATTR_ERROR_TYPE)),
        ],
        empty: 'None failed',
      }),
      lines({
        ...common,
        title: 'Buckets examined per second, by kind',
        description: 'Each series has one bucket every five minutes, and many when it is first watched.',
        unit: 'ops',
        queries: [lineOf(sum(rate(seriesName(judged), scope), [ATTR_HANDOFF_ANOMALY_KIND]), legendOf(ATTR_HANDOFF_ANOMALY_KIND))],
        empty: 'Nothing was judged',
      }),
      lines({
        ...common,
        title: 'Size of detector states',
        description: 'At most 50 kB for each series.',
        unit: 'bytes',
        queries: [lineOf(aggregated('max', selector(seriesName(stateSize), scope), []), 'in the database')],
        empty: 'No process has looked yet',
      }),
    ],
  };
}
