import { resilienceMetrics } from '../../../../src/telemetry/catalogue/resilience.js';
import { ATTR_HANDOFF_FEATURE } from '../../../../src/telemetry/semconv.js';
import { selector } from '../../names/selectors.js';
import { labelName, seriesName } from '../../names/series.js';
import { toLogs, toLifecycle } from '../../panels/links.js';
import { column, lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { aggregated } from '../../promql/expressions.js';
import { NO_SERVER, REPLICA, lasting } from './replica.js';

const FEATURE = labelName(ATTR_HANDOFF_FEATURE);

/** What servers work without at the moment, and since when. */
export function featuresRow(): RowSpec {
  const off = selector(seriesName(resilienceMetrics.degraded), scope);
  const feature = [...REPLICA, ATTR_HANDOFF_FEATURE];
  const since = aggregated('max', selector(seriesName(resilienceMetrics.degradedSince), scope), feature);
  return {
    title: 'Features that are off',
    panels: [
      lines({
        title: 'Servers without a feature, by feature',
        description:
          'Processes that work without one of their features: the shared cache, the archive or the jobs. The record handoff.feature.degraded says why.',
        unit: 'short',
        width: 12,
        queries: [lineOf(aggregated('sum', off, [ATTR_HANDOFF_FEATURE]), `{{${FEATURE}}}`)],
        links: [toLogs, toLifecycle],
        empty: NO_SERVER,
      }),
      {
        kind: 'table',
        width: 12,
        title: 'Features that are off, by server',
        description: 'The features that each process does without, and for how long. A feature is used again automatically once it works.',
        unit: 's',
        queries: [column(lasting(since, feature, `${aggregated('max', off, feature)} == 1`))],
        headings: { job: 'Service', instance: 'Instance', [FEATURE]: 'Feature', Value: 'For' },
        links: [toLogs],
        empty: 'Every feature works',
      },
    ],
  };
}
