import { ATTR_ERROR_TYPE, ATTR_HANDOFF_OPERATION_NAME, ATTR_HANDOFF_REQUEST_TYPE } from '../semconv.js';
import { analyticsOperations } from './analytics.js';
import { anomalyOperations } from './anomalies.js';
import { archiveOperations } from './archive.js';
import { codebaseOperations } from './codebase.js';
import type { MetricDefinition } from './definitions.js';
import { handoffOperations } from './handoffs.js';
import { jobOperations } from './jobs.js';
import { lifecycleOperations } from './lifecycle.js';
import { resilienceOperations } from './resilience.js';
import { retentionOperations } from './retention.js';
import { serverOperations } from './server.js';
import { CONTEXT_TYPE, sessionOperations } from './sessions.js';
import { storageOperations } from './storage.js';

const operations = [
  ...Object.values(sessionOperations),
  ...Object.values(lifecycleOperations),
  ...Object.values(codebaseOperations),
  ...Object.values(handoffOperations),
  ...Object.values(storageOperations),
  ...Object.values(jobOperations),
  ...Object.values(retentionOperations),
  ...Object.values(archiveOperations),
  ...Object.values(analyticsOperations),
  ...Object.values(anomalyOperations),
  ...Object.values(resilienceOperations),
  ...Object.values(serverOperations),
] as const;

export type OperationName = (typeof operations)[number]['name'];

/** Most service operations are one SQL statement: sub-millisecond to a second matters. The range is that of the database conventions. */
const DURATION_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** What `observe()` records for every operation, whichever service it belongs to. */
export const operationMetrics = {
  duration: {
    name: 'handoff.operation.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of one operation of a handoff service, from the call to its result, whatever the outcome.',
    buckets: DURATION_BUCKETS_S,
    attributes: [
      { key: ATTR_HANDOFF_OPERATION_NAME, values: operations.map(({ name }) => name) },
      {
        key: ATTR_ERROR_TYPE,
        values: 'Absent on success; otherwise a word for an outcome that is reported to the caller, or the code or class of the error.',
      },
      CONTEXT_TYPE,
      { key: ATTR_HANDOFF_REQUEST_TYPE, values: ['context_transfer', 'full_handoff', 'collaboration'] },
    ],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;
