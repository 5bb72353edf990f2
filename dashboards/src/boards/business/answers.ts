import { handoffMetrics } from '../../../../src/telemetry/catalogue/handoffs.js';
import { ATTR_HANDOFF_REQUEST_OUTCOME } from '../../../../src/telemetry/semconv.js';
import { labelName, seriesName } from '../../names/series.js';
import { toLifecycle, toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { quantile, rate, sum } from '../../promql/expressions.js';

const BY = [ATTR_HANDOFF_REQUEST_OUTCOME];
const LEGEND = `{{${labelName(ATTR_HANDOFF_REQUEST_OUTCOME)}}}`;

/** What target agents make of the handoffs they were given. */
export function answersRow(): RowSpec {
  return {
    title: 'Answers to handoffs',
    panels: [
      lines({
        title: 'Handoffs per second, by response',
        description:
          'delivered counts every handoff. The others are responses of targets that use their inbox; many timed_out mean that such an agent is gone. Agents that do not use the inbox never respond, which is not a fault.',
        unit: 'ops',
        queries: [lineOf(sum(rate(seriesName(handoffMetrics.outcomes), scope), BY), LEGEND)],
        links: [toLifecycle, toLogs],
        empty: 'No handoffs',
      }),
      lines({
        title: 'Time to the answer p95, by answer',
        description: 'The time from the request to the answer, which 95 % of the answered handoffs did not exceed.',
        unit: 's',
        queries: [lineOf(quantile(0.95, handoffMetrics.answerDuration, scope, BY), LEGEND)],
        links: [toLifecycle, toLogs],
        empty: 'No answers',
      }),
    ],
  };
}
