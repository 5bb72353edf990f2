import { pipelineMetrics } from '../../../../src/telemetry/catalogue/pipeline.js';
import type { PipelineMetrics } from '../../../../src/telemetry/catalogue/pipeline.js';
import { ATTR_ERROR_TYPE } from '../../../../src/telemetry/semconv.js';
import { differs, selector } from '../../names/selectors.js';
import { labelName, seriesName } from '../../names/series.js';
import { toLogs, toRuntime } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { fromOn, noneExpected } from '../../panels/thresholds.js';
import { scope } from '../../panels/variables.js';
import { rate, share, sum } from '../../promql/expressions.js';

const SIGNALS: readonly (readonly [string, PipelineMetrics])[] = [
  ['spans', pipelineMetrics.span],
  ['log records', pipelineMetrics.log],
];
const common = { links: [toLogs, toRuntime], empty: 'No process sends spans or log records' } as const;
const ERROR = `{{${labelName(ATTR_ERROR_TYPE)}}}`;

/** First stage: the processes themselves, which drop what no collector takes from them. */
export function sdkRow(): RowSpec {
  const each = (query: (metrics: PipelineMetrics) => string, legend: string) =>
    SIGNALS.map(([signal, metrics]) => lineOf(query(metrics), `${signal} ${legend}`.trim()));
  const rateOf = (metric: PipelineMetrics['exported']): string => rate(seriesName(metric), scope);
  return {
    title: '1. Out of the processes',
    panels: [
      lines({
        ...common,
        title: 'Exported per second',
        description:
          'Items whose export has finished, successfully or not. It should follow the load; if it is zero under load, the exporter is stuck.',
        unit: 'ops',
        queries: each(({ exported }) => sum(rateOf(exported)), ''),
      }),
      lines({
        ...common,
        title: 'Failed exports per second, by error',
        description:
          'Items that the collector refused or did not accept in time. They are lost. A number is an HTTP status; a word such as ECONNREFUSED is the error of the connection.',
        unit: 'ops',
        queries: each(
          ({ exported }) => sum(rate(seriesName(exported), [differs(ATTR_ERROR_TYPE, ''), ...scope]), [ATTR_ERROR_TYPE]),
          ERROR,
        ),
        thresholds: noneExpected,
        empty: 'No export failed',
      }),
      lines({
        ...common,
        title: 'Dropped per second, by reason',
        description:
          'queue_full means that the process created more than it could send: raise OTEL_BSP_MAX_QUEUE_SIZE, or see why the collector is slow.',
        unit: 'ops',
        queries: each(
          ({ processed }) => sum(rate(seriesName(processed), [differs(ATTR_ERROR_TYPE, ''), ...scope]), [ATTR_ERROR_TYPE]),
          ERROR,
        ),
        thresholds: noneExpected,
        empty: 'Nothing was dropped',
      }),
      lines({
        ...common,
        title: 'Queues in use',
        description: 'How full the queues of the processes are. Above one half, something will be lost when the collector pauses.',
        unit: 'percentunit',
        min: 0,
        width: 12,
        queries: each(
          ({ queueSize, queueCapacity }) =>
            share(sum(selector(seriesName(queueSize), scope)), sum(selector(seriesName(queueCapacity), scope))),
          '',
        ),
        thresholds: fromOn(0.5),
      }),
      lines({
        ...common,
        title: 'Waiting for a response of the collector',
        description: 'Items that were sent and not answered yet. If the number never returns to zero, the collector does not answer.',
        unit: 'short',
        width: 12,
        queries: each(({ inflight }) => sum(selector(seriesName(inflight), scope)), ''),
      }),
    ],
  };
}
