import type { Meter } from '@opentelemetry/api';
import { retentionMetrics } from '../../telemetry/catalogue/retention.js';
import { createInstrument } from '../../telemetry/instruments.js';
import { ATTR_HANDOFF_RETENTION_CAUSE, ATTR_HANDOFF_RETENTION_POLICY } from '../../telemetry/semconv.js';

/** Counts the sessions that a purge deletes, beside those that are erased. */
export function countPurged(meter: Meter): (policy: string, sessions: number) => void {
  const record = createInstrument(meter, retentionMetrics.deletions);
  return (policy, sessions) => record(sessions, { [ATTR_HANDOFF_RETENTION_CAUSE]: 'retention', [ATTR_HANDOFF_RETENTION_POLICY]: policy });
}
