import { ATTR_ERROR_TYPE, ATTR_HANDOFF_ARCHIVE_OPERATION, ATTR_HANDOFF_ARCHIVE_STORE } from '../semconv.js';
import type { MetricAttribute, MetricDefinition, OperationDefinition } from './definitions.js';

/** Cold storage of ended sessions. */
export const archiveOperations = {
  write: { name: 'handoff.archive.write', description: 'A session is moved from the database into the archive.' },
  mark: {
    name: 'handoff.archive.mark',
    description: 'Sessions that are due are marked as archived and stay in the database, because no archive is configured.',
  },
  read: { name: 'handoff.archive.read', description: 'The object of an archived session is fetched and checked, to answer a read.' },
  restore: { name: 'handoff.archive.restore', description: 'An archived session is put back into the database.' },
  verify: { name: 'handoff.archive.verify', description: 'The object of an archived session is compared with its description.' },
  clean: { name: 'handoff.archive.clean', description: 'Objects that no session refers to are deleted.' },
} as const satisfies Record<string, OperationDefinition>;

const STORE: MetricAttribute = { key: ATTR_HANDOFF_ARCHIVE_STORE, values: ['files', 's3'] };

export const archiveMetrics = {
  objectSize: {
    name: 'handoff.archive.object.size',
    kind: 'histogram',
    unit: 'By',
    description: 'Size of each archive object that was written and read back, compressed.',
    buckets: [1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864, 268_435_456],
    attributes: [STORE],
    source: 'handoff-otel',
  },
  failures: {
    name: 'handoff.archive.failures',
    kind: 'counter',
    unit: '{failure}',
    description: 'Operations on the object store that failed, took too long or returned something other than what was stored.',
    attributes: [
      STORE,
      { key: ATTR_HANDOFF_ARCHIVE_OPERATION, values: ['put', 'get', 'head', 'delete', 'compare'] },
      { key: ATTR_ERROR_TYPE, values: 'The code or class of the error that the store reported.' },
    ],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;
