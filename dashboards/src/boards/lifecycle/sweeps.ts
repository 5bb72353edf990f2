import { lifecycleMetrics } from '../../../../src/telemetry/catalogue/lifecycle.js';
import {
  ATTR_ERROR_TYPE,
  ATTR_HANDOFF_SESSION_PROBLEM,
  ATTR_HANDOFF_SESSION_STATE_FROM,
  ATTR_HANDOFF_SESSION_STATE_TO,
  ATTR_HANDOFF_SWEEP_NAME,
  ATTR_HANDOFF_TRANSITION_CAUSER,
} from '../../../../src/telemetry/semconv.js';
import { selector } from '../../names/selectors.js';
import { countSeries, labelName, seriesName, sumSeries } from '../../names/series.js';
import { toDatabases, toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { aggregated, mean, quantile, rate, sum } from '../../promql/expressions.js';
import { failed } from '../../promql/objectives.js';

const SWEEP = [ATTR_HANDOFF_SWEEP_NAME];
const LEGEND = `{{${labelName(ATTR_HANDOFF_SWEEP_NAME)}}}`;
const common = { links: [toDatabases, toLogs], empty: 'No sweep ran' } as const;

/** Whether sweeps keep up with what is due. */
export function sweepsRow(): RowSpec {
  const { sweepLag, sweepDuration, sweepBatch } = lifecycleMetrics;
  const keys = [ATTR_HANDOFF_SWEEP_NAME, ATTR_ERROR_TYPE];
  return {
    title: 'Sweeps',
    panels: [
      lines({
        ...common,
        title: 'Longest wait of a due session, by sweep',
        description:
          'A saw-tooth is normal: the wait grows until the sweep runs, and then falls to zero. If it only grows, look at the jobs further down, then for a transaction that holds locks on sessions.',
        unit: 's',
        queries: [lineOf(aggregated('max', selector(seriesName(sweepLag), scope), SWEEP), LEGEND)],
        empty: 'No process has looked yet',
      }),
      lines({
        ...common,
        title: 'Duration p95, by sweep',
        description:
          'With all batches and the pauses between them. It grows with the number of due sessions, not with the size of the table.',
        unit: 's',
        queries: [lineOf(quantile(0.95, sweepDuration, scope, SWEEP), LEGEND)],
      }),
      lines({
        ...common,
        title: 'Sweeps that fail per second, by error',
        description: 'The next run continues where this one ended; nothing is lost. The log has a record of each with its error.',
        unit: 'ops',
        stacked: true,
        queries: [
          lineOf(
            sum(rate(countSeries(sweepDuration), [failed(ATTR_ERROR_TYPE), ...scope]), keys),
            keys.map((key) => `{{${labelName(key)}}}`).join(' '),
          ),
        ],
        empty: 'None failed',
      }),
      lines({
        ...common,
        title: 'Sessions looked at per second, by sweep',
        description: 'The amount of work. A high level of expire for a long time means a backlog, or a policy that was shortened.',
        unit: 'ops',
        queries: [lineOf(sum(rate(sumSeries(sweepBatch), scope), SWEEP), LEGEND)],
      }),
      lines({
        ...common,
        title: 'Sessions in a batch, by sweep',
        description: 'The mean. A batch has at most 1,000 sessions (integrity: 200); at that size there is more work than one batch.',
        unit: 'none',
        queries: [lineOf(mean(sweepBatch, scope, SWEEP), LEGEND)],
      }),
    ],
  };
}

/** What became of sessions. */
export function statesRow(): RowSpec {
  const { transitions, problems, cacheFreed } = lifecycleMetrics;
  const [from, to, by] = [ATTR_HANDOFF_SESSION_STATE_FROM, ATTR_HANDOFF_SESSION_STATE_TO, ATTR_HANDOFF_TRANSITION_CAUSER];
  return {
    title: 'States of sessions',
    panels: [
      lines({
        ...common,
        title: 'Transitions per second, from one state to another',
        description: 'Changes of state that agents, sweeps and operators caused. From none means that the session was opened.',
        unit: 'ops',
        stacked: true,
        queries: [
          lineOf(
            sum(rate(seriesName(transitions), scope), [from, to, by]),
            `{{${labelName(from)}}} to {{${labelName(to)}}}, {{${labelName(by)}}}`,
          ),
        ],
        empty: 'No session changed its state',
      }),
      lines({
        ...common,
        title: 'Impossible states per second, by problem',
        description:
          'unknown_status: something else writes to the table. archived_twice: entries both in the database and in the archive. sequence_gap: an entry is missing. Nothing is deleted; the session has an event of the kind corrupt.',
        unit: 'ops',
        stacked: true,
        queries: [
          lineOf(sum(rate(seriesName(problems), scope), [ATTR_HANDOFF_SESSION_PROBLEM]), `{{${labelName(ATTR_HANDOFF_SESSION_PROBLEM)}}}`),
        ],
        empty: 'None was found',
      }),
      lines({
        ...common,
        title: 'Cache freed per second',
        description:
          'Cache entries of sessions that became dormant or ended. If there are many transitions but nothing is freed, the entries were no longer in the cache.',
        unit: 'Bps',
        queries: [lineOf(sum(rate(seriesName(cacheFreed), scope)), 'freed')],
        empty: 'Nothing was freed',
      }),
    ],
  };
}
