import { ATTR_HANDOFF_SWEEP_NAME } from '../../../telemetry/semconv.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { oldestDue } from '../sql/oldestDue.js';

export const laggingSweeps = ['expire', 'dormant'] as const;
type LaggingSweep = (typeof laggingSweeps)[number];

/** Records for how long the session that is due longest has waited, for some sweeps. */
export async function recordLag({ database, record }: LifecycleDependencies, ...sweeps: readonly LaggingSweep[]): Promise<void> {
  const [row] = await database.query<Record<LaggingSweep, number | null>>(oldestDue);
  for (const sweep of sweeps) record.sweepLag(Math.max(0, row?.[sweep] ?? 0), { [ATTR_HANDOFF_SWEEP_NAME]: sweep });
}
