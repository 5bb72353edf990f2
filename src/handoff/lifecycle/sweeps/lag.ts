import { ATTR_HANDOFF_SWEEP_NAME } from '../../../telemetry/semconv.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { oldestDue } from '../sql/oldestDue.js';

/** Records for how long the session that is due longest has waited. */
export async function recordLag({ database, record }: LifecycleDependencies, sweep: 'expire' | 'dormant'): Promise<void> {
  const [row] = await database.query<Record<typeof sweep, number | null>>(oldestDue);
  record.sweepLag(Math.max(0, row?.[sweep] ?? 0), { [ATTR_HANDOFF_SWEEP_NAME]: sweep });
}
