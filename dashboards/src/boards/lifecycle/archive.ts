import { archiveMetrics, archiveOperations } from '../../../../src/telemetry/catalogue/archive.js';
import { operationMetrics } from '../../../../src/telemetry/catalogue/operations.js';
import {
  ATTR_ERROR_TYPE,
  ATTR_HANDOFF_ARCHIVE_OPERATION,
  ATTR_HANDOFF_ARCHIVE_STORE,
  ATTR_HANDOFF_OPERATION_NAME,
} from '../../../../src/telemetry/semconv.js';
import { matches } from '../../names/selectors.js';
import { countSeries, labelName, seriesName, sumSeries } from '../../names/series.js';
import { toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { mean, quantile, rate, sum } from '../../promql/expressions.js';

const STORE = [ATTR_HANDOFF_ARCHIVE_STORE];
const LEGEND = `{{${labelName(ATTR_HANDOFF_ARCHIVE_STORE)}}}`;
const common = { links: [toLogs], empty: 'Nothing was archived' } as const;

/** Cold storage: what goes into it, and whether it can be relied on. */
export function archiveRow(): RowSpec {
  return { title: 'Archive', panels: [...written(), ...trouble()] };
}

function written(): RowSpec['panels'] {
  const { objectSize } = archiveMetrics;
  return [
    lines({
      ...common,
      title: 'Sessions archived per second, by store',
      description: 'Objects that were written and read back. There are peaks with each run of session-cleanup.',
      unit: 'ops',
      queries: [lineOf(sum(rate(countSeries(objectSize), scope), STORE), LEGEND)],
    }),
    lines({
      ...common,
      title: 'Archived per second, by store',
      description: 'The compressed size, which is a fraction of the size in the database.',
      unit: 'Bps',
      queries: [lineOf(sum(rate(sumSeries(objectSize), scope), STORE), LEGEND)],
    }),
    lines({
      ...common,
      title: 'Size of an object, by store',
      description: 'Mean and p95. Each read of an archived session fetches its object, so large objects make reads slow.',
      unit: 'bytes',
      queries: [
        lineOf(mean(objectSize, scope, STORE), `${LEGEND} mean`),
        lineOf(quantile(0.95, objectSize, scope, STORE), `${LEGEND} p95`),
      ],
    }),
  ];
}

function trouble(): RowSpec['panels'] {
  const { failures } = archiveMetrics;
  const keys = [ATTR_HANDOFF_ARCHIVE_STORE, ATTR_HANDOFF_ARCHIVE_OPERATION, ATTR_ERROR_TYPE];
  const names = Object.values(archiveOperations).map(({ name }) => name.replaceAll('.', '[.]'));
  const ofArchive = [matches(ATTR_HANDOFF_OPERATION_NAME, names.join('|')), ...scope];
  return [
    lines({
      ...common,
      width: 12,
      title: 'Failures of the object store per second, by call and error',
      description:
        'A session whose object cannot be written stays in the database and is retried. compare means that the store returned something other than what was stored: look at this one first.',
      unit: 'ops',
      stacked: true,
      queries: [lineOf(sum(rate(seriesName(failures), scope), keys), keys.map((key) => `{{${labelName(key)}}}`).join(' '))],
      empty: 'None',
    }),
    lines({
      ...common,
      width: 12,
      title: 'Duration p95, by operation of the archive',
      description: 'An agent that reads an archived session waits for handoff.archive.read; the others happen in the background.',
      unit: 's',
      queries: [
        lineOf(
          quantile(0.95, operationMetrics.duration, ofArchive, [ATTR_HANDOFF_OPERATION_NAME]),
          `{{${labelName(ATTR_HANDOFF_OPERATION_NAME)}}}`,
        ),
      ],
    }),
  ];
}
