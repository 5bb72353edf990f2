import { retentionMetrics } from '../../../../src/telemetry/catalogue/retention.js';
import { selector } from '../../names/selectors.js';
import { seriesName } from '../../names/series.js';
import { scope } from '../../panels/variables.js';
import { aggregated, sum } from '../../promql/expressions.js';

/** The storage of each service as a share of its limit. Each process tells the size as it measured it last, so the largest counts. */
export function storageShare(): string {
  const ofProcess = sum(selector(seriesName(retentionMetrics.storageSize), scope), ['job', 'instance']);
  const limit = aggregated('max', selector(seriesName(retentionMetrics.storageLimit), scope), ['job']);
  return `${aggregated('max', ofProcess, ['job'])} / ${limit}`;
}
