import { objectives } from '../../../../src/telemetry/catalogue/objectives.js';
import { operationMetrics } from '../../../../src/telemetry/catalogue/operations.js';
import { sessionOperations } from '../../../../src/telemetry/catalogue/sessions.js';
import { ATTR_ERROR_TYPE, ATTR_HANDOFF_OPERATION_NAME, ATTR_HANDOFF_REQUEST_TYPE } from '../../../../src/telemetry/semconv.js';
import { equals, matches } from '../../names/selectors.js';
import { countSeries, labelName } from '../../names/series.js';
import { toDatabases, toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import { redPanels } from '../../panels/red.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { orZero, rate, sum } from '../../promql/expressions.js';

const count = countSeries(operationMetrics.duration);
const ERROR_TYPE = labelName(ATTR_ERROR_TYPE);

export function operationsRow(): RowSpec {
  const panels = redPanels({
    what: 'Operations',
    metric: operationMetrics.duration,
    matchers: scope,
    by: [ATTR_HANDOFF_OPERATION_NAME],
    byName: 'operation',
    next: 'Slow ones are usually slow in the database; failures have a log record each.',
    links: [toLogs, toDatabases],
    rateUnit: 'ops',
    empty: 'No operations',
  });
  return { title: 'Operations of the services', panels };
}

/** Names success, which has no error type, so that it has a line with a name. */
function byOutcome(expr: string): string {
  const named = `label_replace(${expr}, "outcome", "$1", "${ERROR_TYPE}", "(.+)")`;
  return `label_replace(${named}, "outcome", "success", "${ERROR_TYPE}", "")`;
}

export function outcomesRow(): RowSpec {
  const ofHandoffs = [equals(ATTR_HANDOFF_OPERATION_NAME, sessionOperations.handoff.name), ...scope];
  const failing = (pattern: string): string => sum(rate(count, [matches(ATTR_ERROR_TYPE, pattern), ...scope]));
  const common = { unit: 'ops', links: [toLogs] } as const;
  return {
    title: 'Handoffs and outcomes',
    panels: [
      lines({
        ...common,
        title: 'Handoffs per second, by request type',
        description: 'The types that agents request. A request with an unknown type is refused and not counted here.',
        stacked: true,
        queries: [lineOf(sum(rate(count, ofHandoffs), [ATTR_HANDOFF_REQUEST_TYPE]), `{{${labelName(ATTR_HANDOFF_REQUEST_TYPE)}}}`)],
        empty: 'No handoffs',
      }),
      lines({
        ...common,
        title: 'Handoffs per second, by outcome',
        description:
          'Words in lower case are outcomes that were reported to the caller, such as an unknown session. Words that begin with a capital letter are internal failures.',
        stacked: true,
        queries: [lineOf(byOutcome(sum(rate(count, ofHandoffs), [ATTR_ERROR_TYPE])), '{{outcome}}')],
        empty: 'No handoffs',
      }),
      lines({
        ...common,
        title: 'Internal failures and errors of callers',
        description:
          'Internal failures should be zero; their log records name the cause. Many errors of callers suggest an agent with an old session key, or a description that misleads it.',
        queries: [
          lineOf(orZero(failing(objectives.handoffSuccess.bad.patterns.join('|'))), 'failures of ours'),
          lineOf(orZero(failing('[a-z].*')), 'errors of callers'),
        ],
        empty: 'No operations',
      }),
    ],
  };
}
