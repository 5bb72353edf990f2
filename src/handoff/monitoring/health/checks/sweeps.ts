import { lifecycleLimits } from '../../../../telemetry/catalogue/objectives.js';
import { degraded, healthy } from '../finding.js';
import type { HealthCheck } from '../finding.js';

/** For how long the session that is due longest has waited, in seconds; 0 when none waits. */
export interface SweepLag {
  readonly expire: number;
  readonly dormant: number;
}

const LATE =
  'Sessions that are due have waited for several intervals of the job that takes them: check the jobs session-cleanup and dormant-detection with get_job_status, and run them with run_job_now.';
const SLOW = 'It could not be read in time which sessions are due: look at the database first.';

/** Looks whether sweeps keep up with what is due. */
export function sweepsCheck(read: () => Promise<SweepLag>): HealthCheck {
  return {
    name: 'sweeps',
    isCritical: false,
    adviceWhenSlow: SLOW,
    run: async () => {
      const lag = await read();
      const measured = { expireLagSeconds: Math.round(lag.expire), dormantLagSeconds: Math.round(lag.dormant) };
      const { expire, dormant } = lifecycleLimits.sweepLagS;
      return lag.expire > expire || lag.dormant > dormant ? degraded('late', LATE, measured) : healthy(measured);
    },
  };
}
