import { codebaseMetrics, codebaseOperations } from '../../../../src/telemetry/catalogue/codebase.js';
import { operationMetrics } from '../../../../src/telemetry/catalogue/operations.js';
import { ATTR_ERROR_TYPE, ATTR_HANDOFF_CODEBASE_LANGUAGE, ATTR_HANDOFF_OPERATION_NAME } from '../../../../src/telemetry/semconv.js';
import { equals } from '../../names/selectors.js';
import { labelName, seriesName } from '../../names/series.js';
import { linkTo, toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { boards } from '../../boardList.js';
import { quantile, rate, sum } from '../../promql/expressions.js';
import { failed } from '../../promql/objectives.js';

/** What agents have analysed. */
export function codebaseRow(): RowSpec {
  const files = seriesName(codebaseMetrics.files);
  const ofAnalysis = [equals(ATTR_HANDOFF_OPERATION_NAME, codebaseOperations.analyse.name), ...scope];
  const common = { links: [linkTo(boards.business), toLogs], empty: 'No code was analysed' } as const;
  return {
    title: 'Code analysis',
    panels: [
      lines({
        ...common,
        title: 'Files per second, by language',
        description: 'Includes files that could not be analysed.',
        unit: 'ops',
        stacked: true,
        queries: [lineOf(sum(rate(files, scope), [ATTR_HANDOFF_CODEBASE_LANGUAGE]), `{{${labelName(ATTR_HANDOFF_CODEBASE_LANGUAGE)}}}`)],
      }),
      lines({
        ...common,
        title: 'Files not analysed per second, by reason',
        description:
          'outside_roots: HANDOFF_CODEBASE_ROOTS does not allow it, or an agent looks where it should not. timed_out and too_large are limits; analysis_failed is a fault of the server.',
        unit: 'ops',
        stacked: true,
        queries: [lineOf(sum(rate(files, [failed(ATTR_ERROR_TYPE), ...scope]), [ATTR_ERROR_TYPE]), `{{${labelName(ATTR_ERROR_TYPE)}}}`)],
        empty: 'Every file was analysed',
      }),
      lines({
        ...common,
        title: 'Duration of an analysis',
        description:
          'Median and p95 of a call with all its files. The analysis runs in a thread of its own and does not delay other calls.',
        unit: 's',
        queries: [0.5, 0.95].map((q) => lineOf(quantile(q, operationMetrics.duration, ofAnalysis), `p${q * 100}`)),
      }),
    ],
  };
}
