import { measurementMetrics } from '../../../../src/telemetry/catalogue/measurements.js';
import { ATTR_HANDOFF_STATEMENT_NAME } from '../../../../src/telemetry/semconv.js';
import { labelName, seriesName } from '../../names/series.js';
import { toDatabases, toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { rate, sum } from '../../promql/expressions.js';
import { NO_SERVER } from './replica.js';

/** What servers measure and keep in their database, and which statements are slow. */
export function measurementsRow(): RowSpec {
  const { dropped, slowStatements, written } = measurementMetrics;
  return {
    title: 'Slow statements and measurements',
    panels: [
      lines({
        title: 'Slow statements per second, by name',
        description:
          'Statements that took more than half a second, including the wait for a connection. One now and then from archiving or a sweep is normal; performance_logs has the slowest of each minute.',
        unit: 'ops',
        width: 12,
        queries: [
          lineOf(
            sum(rate(seriesName(slowStatements), scope), [ATTR_HANDOFF_STATEMENT_NAME]),
            `{{${labelName(ATTR_HANDOFF_STATEMENT_NAME)}}}`,
          ),
        ],
        links: [toDatabases, toLogs],
        empty: 'No statement was slow',
      }),
      lines({
        title: 'Rows of measurements per second',
        description:
          'Rows for performance_logs and system_metrics. While the database is unavailable, they are kept for an hour. Dropped rows are missing from statistics, but from nothing else.',
        unit: 'ops',
        width: 12,
        queries: [lineOf(sum(rate(seriesName(written), scope)), 'written'), lineOf(sum(rate(seriesName(dropped), scope)), 'dropped')],
        links: [toDatabases, toLogs],
        empty: NO_SERVER,
      }),
    ],
  };
}
