import type { SpanContext } from '@opentelemetry/api';
import { parseTraceparent } from '../../../telemetry/traceparent.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { lastTraceparents } from '../sql/lastTraceparents.js';
import type { TraceparentRow } from '../sql/lastTraceparents.js';

/**
 * Returns the traces in which some sessions were last registered, woken, handed over, answered or changed by an operator, as far as
 * they were kept. Never rejects.
 */
export async function lastTraces({ database }: LifecycleDependencies, sessionIds: readonly string[]): Promise<SpanContext[]> {
  if (sessionIds.length === 0) return [];
  try {
    const rows = await database.query<TraceparentRow>(lastTraceparents, [sessionIds]);
    return rows.map(({ traceparent }) => parseTraceparent(traceparent)).filter((span) => span !== undefined);
  } catch {
    // Links are an extra: what the sweep has changed is committed, and its next statement will meet the same database.
    return [];
  }
}
