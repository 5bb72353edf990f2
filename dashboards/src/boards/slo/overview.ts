import { objectives } from '../../../../src/telemetry/catalogue/objectives.js';
import { boards } from '../../boardList.js';
import { labelName } from '../../names/series.js';
import { linkTo, linkWith, toMcp, toTelemetry } from '../../panels/links.js';
import { column, figure } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { badRatioRecord, budgetLeftRecord, objectiveWindow } from '../../rules/serviceLevels.js';
import { aggregated, orZero } from '../../promql/expressions.js';
import { recorded } from './recorded.js';

const ALL = Object.values(objectives);
const ENVIRONMENT = labelName('deployment.environment.name');

/** All services and objectives in one table. This board has no fallback: a month of raw samples is too much to read at each refresh. */
export function overviewRow(): RowSpec {
  const anyOf = (records: readonly string[]): string => records.map(recorded).join(' or on (job, objective) ');
  const left = anyOf(ALL.map(budgetLeftRecord));
  const bad = anyOf(ALL.map((objective) => badRatioRecord(objective, objectiveWindow(objective))));
  const by = ['job', ENVIRONMENT, 'objective'];
  return {
    title: 'All service levels',
    panels: [
      {
        kind: 'stat',
        width: 6,
        title: 'Service levels recorded',
        description:
          'Pairs of a service and an objective for which the recording rules give a figure. At zero, load alerts/rules/ into Prometheus: without these rules this board stays empty, while the board of the MCP server shows the same objectives without them.',
        unit: 'none',
        queries: [figure(orZero(aggregated('count', left)))],
        words: [{ value: 0, text: 'No recording rules', color: 'orange' }],
        links: [toMcp, toTelemetry],
        empty: 'No recording rules',
      },
      {
        kind: 'table',
        width: 18,
        title: 'Error budget left, by service',
        description:
          'Sorted by what is left, the worst first. Below zero, the objective is missed for its window. A click on a service shows what its calls do.',
        unit: 'percentunit',
        queries: [column(aggregated('min', left, by)), column(aggregated('max', bad, by))],
        headings: {
          job: 'Service',
          objective: 'Objective',
          [ENVIRONMENT]: 'Environment',
          'Value #A': 'Budget left',
          'Value #B': 'Bad events',
        },
        seriesLinks: [linkWith(boards.mcp, 'Calls of this service', 'service', 'job')],
        links: [linkTo(boards.mcp)],
        empty: 'No recording rules, or no events',
      },
    ],
  };
}
