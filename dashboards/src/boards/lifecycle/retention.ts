import { retentionMetrics } from '../../../../src/telemetry/catalogue/retention.js';
import {
  ATTR_HANDOFF_PARTITION_CHANGE,
  ATTR_HANDOFF_RETENTION_CAUSE,
  ATTR_HANDOFF_RETENTION_POLICY,
  ATTR_HANDOFF_STORAGE_PART,
} from '../../../../src/telemetry/semconv.js';
import { selector } from '../../names/selectors.js';
import { labelName, seriesName } from '../../names/series.js';
import { toDatabases, toLogs } from '../../panels/links.js';
import { figure, lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { fromOn } from '../../panels/thresholds.js';
import { scope } from '../../panels/variables.js';
import { aggregated, increase, rate, sum } from '../../promql/expressions.js';
import { lifecycleLimits } from '../../../../src/telemetry/catalogue/objectives.js';
import { storageShare } from './storageShare.js';

/** What is deleted, and why. */
export function retentionRow(): RowSpec {
  const { deletions, partitions } = retentionMetrics;
  const keys = [ATTR_HANDOFF_RETENTION_CAUSE, ATTR_HANDOFF_RETENTION_POLICY];
  const legend = keys.map((key) => `{{${labelName(key)}}}`).join(', ');
  return {
    title: 'Deleted for good',
    panels: [
      lines({
        title: 'Sessions deleted per second, by cause and policy',
        description:
          'retention: the time of the policy has passed. erasure: an operator asked for it. Each deletion has a row in deletion_records. A peak after a policy was shortened is expected.',
        unit: 'ops',
        width: 12,
        stacked: true,
        queries: [lineOf(sum(rate(seriesName(deletions), scope), keys), legend)],
        links: [toLogs],
        empty: 'Nothing was deleted',
      }),
      {
        kind: 'stat',
        width: 12,
        title: 'Partitions of the log tables',
        description:
          'Created and dropped in the time range of the board. Each month, one must be created for every log table; rows without a partition go to a default one, and are deleted late.',
        unit: 'short',
        decimals: 0,
        queries: [
          figure(
            sum(increase(seriesName(partitions), scope, '$__range'), [ATTR_HANDOFF_PARTITION_CHANGE]),
            `{{${labelName(ATTR_HANDOFF_PARTITION_CHANGE)}}}`,
          ),
        ],
        links: [toDatabases, toLogs],
        empty: 'No process has looked after partitions',
      },
    ],
  };
}

/** How much is stored. */
export function storageRow(): RowSpec {
  const { storageSize, storageLimit } = retentionMetrics;
  const common = { width: 12, links: [toDatabases] } as const;
  return {
    title: 'Storage',
    panels: [
      lines({
        ...common,
        title: 'Size, by part',
        description:
          'Tables with their indexes, and the archive, as last measured: once a day, and whenever somebody asks for the report. sessions and context shrink by archiving, logs and metrics by their retention, the archive by deletions.',
        unit: 'bytes',
        queries: [
          lineOf(
            aggregated('max', selector(seriesName(storageSize), scope), [ATTR_HANDOFF_STORAGE_PART]),
            `{{${labelName(ATTR_HANDOFF_STORAGE_PART)}}}`,
          ),
          lineOf(aggregated('max', selector(seriesName(storageLimit), scope)), 'limit of all parts'),
        ],
        empty: 'Not measured yet',
      }),
      lines({
        ...common,
        title: 'Storage used, of its limit, by service',
        description:
          'The storage report (get_storage_report) says how many days are left and which changes of policies would free the most.',
        unit: 'percentunit',
        min: 0,
        queries: [lineOf(storageShare(), '{{job}}')],
        thresholds: fromOn(lifecycleLimits.storageShare),
        empty: 'No limit is set',
      }),
    ],
  };
}
