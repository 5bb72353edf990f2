import { storageMetrics } from '../../../src/telemetry/catalogue/storage.js';
import { ATTR_HANDOFF_CACHE_OPERATION, ATTR_HANDOFF_CACHE_RESULT } from '../../../src/telemetry/semconv.js';
import { equals } from '../names/selectors.js';
import { labelName, seriesName } from '../names/series.js';
import { orNone, rate, share, sum } from '../promql/expressions.js';
import { toDatabases, toLogs } from './links.js';
import { lineOf, lines } from './make.js';
import type { LinesPanel } from './spec.js';
import { scope } from './variables.js';

const series = seriesName(storageMetrics.cacheOperations);
const get = equals(ATTR_HANDOFF_CACHE_OPERATION, 'get');
const EMPTY = 'The cache was not used';

/** The cache of a handoff server: how much it saves, and whether it works. */
export function cachePanels(): LinesPanel[] {
  const hits = sum(rate(series, [get, equals(ATTR_HANDOFF_CACHE_RESULT, 'hit'), ...scope]));
  const gets = sum(rate(series, [get, ...scope]));
  const keys = [ATTR_HANDOFF_CACHE_OPERATION, ATTR_HANDOFF_CACHE_RESULT];
  return [
    lines({
      title: 'Cache hits',
      description:
        'Share of reads that the cache answered. It falls after a restart and recovers. If it stays low, most sessions are read only once or the cache is too small, and reads go to PostgreSQL.',
      unit: 'percentunit',
      min: 0,
      max: 1,
      queries: [lineOf(share(orNone(hits, gets), gets), 'hits')],
      links: [toDatabases],
      empty: EMPTY,
    }),
    lines({
      title: 'Cache operations per second, by result',
      description:
        'An error does not make a call fail: the call continues without the cache, more slowly. connection error means that Redis cannot be reached: look at the errors by type on the board of the databases.',
      unit: 'ops',
      queries: [lineOf(sum(rate(series, scope), keys), keys.map((key) => `{{${labelName(key)}}}`).join(' '))],
      links: [toDatabases, toLogs],
      empty: EMPTY,
    }),
  ];
}
