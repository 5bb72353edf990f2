import { databaseMetrics } from '../../../../src/telemetry/catalogue/database.js';
import { ATTR_DB_SYSTEM_NAME } from '../../../../src/telemetry/semconv.js';
import { equals } from '../../names/selectors.js';
import { toDatabases, toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { LinesPanel } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { quantile } from '../../promql/expressions.js';

/** How long the cache takes, where it is Redis: the one in the process takes no time that could be measured. */
export function cacheTimes(): LinesPanel {
  const redis = [equals(ATTR_DB_SYSTEM_NAME, 'redis'), ...scope];
  return lines({
    title: 'Duration of commands to Redis',
    description:
      'A millisecond or two is normal. A cache that is slower than the database is of no use: look at the load of Redis and at the network.',
    unit: 's',
    queries: [0.5, 0.95, 0.99].map((q) => lineOf(quantile(q, databaseMetrics.operationDuration, redis), `p${q * 100}`)),
    links: [toDatabases, toLogs],
    empty: 'Nothing was sent to Redis',
  });
}
