import { jobMetrics } from '../../../../src/telemetry/catalogue/jobs.js';
import { lifecycleMetrics } from '../../../../src/telemetry/catalogue/lifecycle.js';
import { lifecycleLimits } from '../../../../src/telemetry/catalogue/objectives.js';
import { retentionMetrics } from '../../../../src/telemetry/catalogue/retention.js';
import { ATTR_ERROR_TYPE } from '../../../../src/telemetry/semconv.js';
import { ofJobSystem } from '../../names/jobLabels.js';
import { selector } from '../../names/selectors.js';
import { countSeries, seriesName } from '../../names/series.js';
import { linkTo, toDatabases, toLogs } from '../../panels/links.js';
import { figure } from '../../panels/make.js';
import type { RowSpec, StatPanel } from '../../panels/spec.js';
import { fromOn, noneExpected } from '../../panels/thresholds.js';
import { scope } from '../../panels/variables.js';
import { boards } from '../../boardList.js';
import { aggregated, increase, orZero, sum } from '../../promql/expressions.js';
import { failed } from '../../promql/objectives.js';
import { storageShare } from './storageShare.js';

/** What an operator has to know, in five figures. */
export function figuresRow(): RowSpec {
  const counted = (series: string, matchers = scope): string => orZero(sum(increase(series, matchers, '$__range')));
  return {
    title: 'In short',
    panels: [
      stat({
        title: 'Longest wait of a due session',
        description:
          'It grows from one sweep to the next, for an hour at most. If it is longer, a sweep does not run, fails, or cannot keep up.',
        unit: 's',
        queries: [figure(aggregated('max', selector(seriesName(lifecycleMetrics.sweepLag), scope)))],
        thresholds: fromOn(lifecycleLimits.sweepLagS.expire),
        links: [toDatabases, toLogs],
        empty: 'No process has looked yet',
      }),
      stat({
        title: 'Storage used, of its limit',
        description:
          'Database and archive together, as last measured. Without HANDOFF_STORAGE_LIMIT_BYTES there is no limit to compare with.',
        unit: 'percentunit',
        queries: [figure(storageShare(), '{{job}}')],
        thresholds: fromOn(lifecycleLimits.storageShare),
        links: [toDatabases],
        empty: 'No limit is set',
      }),
      stat({
        title: 'Attempts of jobs that failed',
        description: 'In the time range of the board. Each is retried; the panels further down show which job keeps failing.',
        unit: 'short',
        decimals: 0,
        queries: [figure(counted(countSeries(jobMetrics.processDuration), [ofJobSystem, failed(ATTR_ERROR_TYPE), ...scope]))],
        links: [toLogs],
        empty: 'None',
      }),
      stat({
        title: 'Sessions in an impossible state',
        description:
          'Found in the time range of the board, each counted once. Look at each of them: its lifecycle has an event that names the problem.',
        unit: 'short',
        decimals: 0,
        queries: [figure(counted(seriesName(lifecycleMetrics.problems)))],
        thresholds: noneExpected,
        links: [toLogs],
        empty: 'None',
      }),
      stat({
        title: 'Sessions deleted for good',
        description: 'By retention and by erasure, in the time range of the board. Policies and causes are further down.',
        unit: 'short',
        decimals: 0,
        queries: [figure(counted(seriesName(retentionMetrics.deletions)))],
        links: [toLogs, linkTo(boards.business)],
        empty: 'None',
      }),
    ],
  };
}

const stat = (panel: Omit<StatPanel, 'kind' | 'width'>): StatPanel => ({ kind: 'stat', width: 4, ...panel });
