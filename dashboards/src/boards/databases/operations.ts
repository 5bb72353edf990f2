import { databaseMetrics } from '../../../../src/telemetry/catalogue/database.js';
import { ATTR_DB_NAMESPACE, ATTR_DB_OPERATION_NAME, ATTR_DB_SYSTEM_NAME, ATTR_ERROR_TYPE } from '../../../../src/telemetry/semconv.js';
import { differs } from '../../names/selectors.js';
import { bucketSeries, countSeries, labelName } from '../../names/series.js';
import { toLogs, toMcp } from '../../panels/links.js';
import { buckets, lineOf, lines } from '../../panels/make.js';
import { redPanels } from '../../panels/red.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { rate, sum } from '../../promql/expressions.js';

const metric = databaseMetrics.operationDuration;
const subject = { metric, matchers: scope, links: [toLogs, toMcp], rateUnit: 'ops', empty: 'Nothing was sent to a database' } as const;

export function systemsRow(): RowSpec {
  const panels = redPanels({
    ...subject,
    what: 'Operations',
    by: [ATTR_DB_SYSTEM_NAME, ATTR_DB_NAMESPACE],
    byName: 'database',
    next: 'If one database differs, the cause is there; if all do, look at the network and at the process.',
  });
  return { title: 'By database', panels };
}

export function operationsRow(): RowSpec {
  const panels = redPanels({
    ...subject,
    what: 'Operations',
    by: [ATTR_DB_SYSTEM_NAME, ATTR_DB_OPERATION_NAME],
    byName: 'operation',
    next: 'The statements themselves are in the traces, without their values.',
  });
  return { title: 'By operation', panels };
}

export function errorsRow(): RowSpec {
  const keys = [ATTR_DB_SYSTEM_NAME, ATTR_ERROR_TYPE];
  const failures = sum(rate(countSeries(metric), [differs(ATTR_ERROR_TYPE, ''), ...scope]), keys);
  return {
    title: 'Errors and durations',
    panels: [
      lines({
        title: 'Errors per second, by type',
        description:
          'ECONNREFUSED and the like, 08*** and 57P0* mean that the database cannot be reached or is shutting down; 40*** are conflicts, which are retried; 23*** and 42*** are faults of the statement; 53*** means that the database has run short of a resource, such as memory, disk or connections.',
        unit: 'ops',
        width: 12,
        stacked: true,
        queries: [lineOf(failures, keys.map((key) => `{{${labelName(key)}}}`).join(' '))],
        links: [toLogs],
        empty: 'No errors',
      }),
      {
        kind: 'heatmap',
        width: 12,
        title: 'Operations by duration',
        description: 'Two bands mean two kinds of statements, for instance with and without an index. A dot leads to a trace.',
        unit: 's',
        queries: [buckets(sum(rate(bucketSeries(metric), scope), ['le']))],
        links: [toLogs],
        empty: 'Nothing was sent to a database',
      },
    ],
  };
}
