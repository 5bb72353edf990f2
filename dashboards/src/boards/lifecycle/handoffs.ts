import { handoffMetrics } from '../../../../src/telemetry/catalogue/handoffs.js';
import { ATTR_HANDOFF_REQUEST_OUTCOME, ATTR_HANDOFF_REQUEST_TYPE } from '../../../../src/telemetry/semconv.js';
import { labelName, seriesName } from '../../names/series.js';
import { linkTo, toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { boards } from '../../boardList.js';
import { quantile, rate, sum } from '../../promql/expressions.js';

const BY = [ATTR_HANDOFF_REQUEST_TYPE, ATTR_HANDOFF_REQUEST_OUTCOME];
const LEGEND = BY.map((key) => `{{${labelName(key)}}}`).join(' ');

/** What became of each type of handoff. */
export function handoffsRow(): RowSpec {
  const common = { width: 12, links: [linkTo(boards.business), toLogs] } as const;
  return {
    title: 'Handoffs by type',
    panels: [
      lines({
        ...common,
        title: 'Handoffs per second, by request type and outcome',
        description:
          'Each handoff is delivered once. accepted, rejected, completed and timed_out only come from targets that use their inbox; if a type always ends as timed_out, its target is gone.',
        unit: 'ops',
        queries: [lineOf(sum(rate(seriesName(handoffMetrics.outcomes), scope), BY), LEGEND)],
        empty: 'No handoffs',
      }),
      lines({
        ...common,
        title: 'Time to the answer p95, by request type and answer',
        description:
          'From the request of a handoff to the response of its target. When it approaches HANDOFF_HANDOFF_TIMEOUT_HOURS, handoffs begin to time out.',
        unit: 's',
        queries: [lineOf(quantile(0.95, handoffMetrics.answerDuration, scope, BY), LEGEND)],
        empty: 'No answers',
      }),
    ],
  };
}
