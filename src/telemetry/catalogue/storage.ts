import { ATTR_HANDOFF_CACHE_OPERATION, ATTR_HANDOFF_CACHE_RESULT } from '../semconv.js';
import type { LogEventDefinition, MetricDefinition, OperationDefinition } from './definitions.js';

export const storageOperations = {
  migrate: {
    name: 'handoff.storage.migrate',
    description: 'The migrations that the database lacks are applied, or looked for, when a server starts.',
  },
} as const satisfies Record<string, OperationDefinition>;

export const storageMetrics = {
  cacheOperations: {
    name: 'handoff.cache.operations',
    kind: 'counter',
    unit: '{operation}',
    description: 'Operations on the cache, by result. An error of the cache never makes a call fail.',
    attributes: [
      { key: ATTR_HANDOFF_CACHE_OPERATION, values: ['get', 'set', 'delete', 'connection'] },
      { key: ATTR_HANDOFF_CACHE_RESULT, values: ['hit', 'miss', 'done', 'error'] },
    ],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;

export const storageEvents = {
  connectionLost: {
    name: 'handoff.database.connection_lost',
    level: 'warn',
    description: 'An idle connection to the database was lost. At most one record per minute.',
  },
  migrationWarning: {
    name: 'handoff.migrate.warning',
    level: 'warn',
    description: 'A migration removed something that an operator may need.',
  },
  embeddedCreating: {
    name: 'handoff.embedded.creating',
    level: 'info',
    description: 'The embedded database is being created at the first start.',
  },
  cacheFailed: {
    name: 'handoff.cache.failed',
    level: 'warn',
    description: 'An operation on the cache failed. At most one record per minute for each operation and kind of error.',
  },
} as const satisfies Record<string, LogEventDefinition>;
