import { ATTR_HANDOFF_SWEEP_NAME } from '../../../telemetry/semconv.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { oldestDue } from '../sql/oldestDue.js';

export const laggingSweeps = ['expire', 'dormant'] as const;
type LaggingSweep = (typeof laggingSweeps)[number];

/** Seconds for each sweep. */
export type Lag = Readonly<Record<LaggingSweep, number>>;

/** Reads for how long the session that is due longest has waited, 0 when none waits, and records it for some sweeps. */
export async function recordLag(deps: LifecycleDependencies, ...sweeps: readonly LaggingSweep[]): Promise<Lag> {
  const [row] = await deps.database.query<Record<LaggingSweep, number | null>>(oldestDue);
  const lag = { expire: Math.max(0, row?.expire ?? 0), dormant: Math.max(0, row?.dormant ?? 0) };
  for (const sweep of sweeps) deps.record.sweepLag(lag[sweep], { [ATTR_HANDOFF_SWEEP_NAME]: sweep });
  return lag;
}
