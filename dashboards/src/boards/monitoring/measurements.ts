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
          'Statements of more than half a second, with the wait for a connection. Now and then one of an archiving or a sweep is normal; performance_logs has the slowest of each minute.',
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
          'Of performance_logs and system_metrics. They wait for an hour while the database is away; what is dropped is missing from statistics, and from nothing else.',
        unit: 'ops',
        width: 12,
        queries: [lineOf(sum(rate(seriesName(written), scope)), 'written'), lineOf(sum(rate(seriesName(dropped), scope)), 'dropped')],
        links: [toDatabases, toLogs],
        empty: NO_SERVER,
      }),
    ],
  };
}
