import { lifecycleMetrics } from '../../../../src/telemetry/catalogue/lifecycle.js';
import {
  ATTR_HANDOFF_SESSION_PROBLEM,
  ATTR_HANDOFF_SESSION_STATE_FROM,
  ATTR_HANDOFF_SESSION_STATE_TO,
  ATTR_HANDOFF_SWEEP_NAME,
} from '../../../../src/telemetry/semconv.js';
import { labelName, seriesName } from '../../names/series.js';
import { selector } from '../../names/selectors.js';
import { toDatabases, toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { aggregated, mean, quantile, rate, sum } from '../../promql/expressions.js';

const { transitions, sweepDuration, sweepBatch, sweepLag, problems, cacheFreed } = lifecycleMetrics;
const BY_SWEEP = [ATTR_HANDOFF_SWEEP_NAME];
const SWEEP = `{{${labelName(ATTR_HANDOFF_SWEEP_NAME)}}}`;
const common = { links: [toLogs, toDatabases] } as const;

/** What sweeps and operators do with sessions. */
export function lifecycleRow(): RowSpec {
  return {
    title: 'Life of sessions',
    panels: [
      lines({
        ...common,
        title: 'Transitions per second',
        description: 'What sweeps and operators changed, by state before and after. What agents do is in the rows above.',
        unit: 'ops',
        stacked: true,
        queries: [
          lineOf(
            sum(rate(seriesName(transitions), scope), [ATTR_HANDOFF_SESSION_STATE_FROM, ATTR_HANDOFF_SESSION_STATE_TO]),
            `{{${labelName(ATTR_HANDOFF_SESSION_STATE_FROM)}}} to {{${labelName(ATTR_HANDOFF_SESSION_STATE_TO)}}}`,
          ),
        ],
        empty: 'No transitions',
      }),
      lines({
        ...common,
        title: 'How far sweeps are behind',
        description: 'The age of the oldest session that a sweep left. It should stay below the time from one sweep to the next.',
        unit: 's',
        queries: [lineOf(aggregated('max', selector(seriesName(sweepLag), scope), BY_SWEEP), SWEEP)],
        empty: 'No sweep yet',
      }),
      lines({
        ...common,
        title: 'Duration of sweeps, p95',
        description: 'All batches of a sweep and the pauses between them.',
        unit: 's',
        queries: [lineOf(quantile(0.95, sweepDuration, scope, BY_SWEEP), SWEEP)],
        empty: 'No sweep yet',
      }),
      lines({
        ...common,
        title: 'Sessions per batch, mean',
        description: 'Full batches one after the other mean that a sweep is catching up.',
        unit: 'none',
        queries: [lineOf(mean(sweepBatch, scope, BY_SWEEP), SWEEP)],
        empty: 'No sweep yet',
      }),
      lines({
        ...common,
        title: 'Sessions in impossible states per second',
        description: 'Should be nothing. Lifecycle events named corrupt say which sessions, and what is wrong with them.',
        unit: 'ops',
        queries: [
          lineOf(sum(rate(seriesName(problems), scope), [ATTR_HANDOFF_SESSION_PROBLEM]), `{{${labelName(ATTR_HANDOFF_SESSION_PROBLEM)}}}`),
        ],
        empty: 'None found',
      }),
      lines({
        ...common,
        title: 'Cache freed per second',
        description: 'Entries of dormant and ended sessions that were still there when they were dropped; most have run out by then.',
        unit: 'Bps',
        queries: [lineOf(sum(rate(seriesName(cacheFreed), scope)), 'freed')],
        empty: 'Nothing freed',
      }),
    ],
  };
}
