import { ATTR_HANDOFF_SWEEP_NAME } from '../../../telemetry/semconv.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { oldestDue } from '../sql/oldestDue.js';

export const laggingSweeps = ['expire', 'dormant'] as const;
type LaggingSweep = (typeof laggingSweeps)[number];

/** For how long the session that is due longest has waited, in seconds; 0 when none waits. */
export async function readLag({ database }: Pick<LifecycleDependencies, 'database'>): Promise<Record<LaggingSweep, number>> {
  const [row] = await database.query<Record<LaggingSweep, number | null>>(oldestDue);
  return { expire: Math.max(0, row?.expire ?? 0), dormant: Math.max(0, row?.dormant ?? 0) };
}

/** Records for how long the session that is due longest has waited, for some sweeps. */
export async function recordLag(deps: LifecycleDependencies, ...sweeps: readonly LaggingSweep[]): Promise<void> {
  const lag = await readLag(deps);
  for (const sweep of sweeps) deps.record.sweepLag(lag[sweep], { [ATTR_HANDOFF_SWEEP_NAME]: sweep });
}
