import type { Clock } from '../../../../time/clock.js';
import type { Database } from '../../../storage/database.js';
import { partitionHorizon } from '../../sql/partitionHorizon.js';
import type { PartitionHorizonRow } from '../../sql/partitionHorizon.js';
import { degraded, healthy } from '../finding.js';
import type { HealthCheck } from '../finding.js';

/** Partitions are made three months ahead, every day. */
const LEAST_DAYS = 14;

/** A first start on the embedded database makes its first partitions within seconds, as soon as nobody waits. */
const FIRST_MADE_WITHIN_MS = 60_000;

const SHORT =
  'Partitions of the log tables were not made ahead: check the job retention-enforcement with get_job_status, and run it with run_job_now.';
const SLOW = 'The partitions could not be read in time: look at the database first.';

/** Looks for how long the log tables have partitions. Later rows are not lost, but nothing can be dropped by the month. */
export function partitionsCheck(database: Pick<Database, 'query'>, clock: Pick<Clock, 'monotonicMs'>): HealthCheck {
  const startedMs = clock.monotonicMs();
  return {
    name: 'partitions',
    isCritical: false,
    adviceWhenSlow: SLOW,
    run: async () => {
      const [row] = await database.query<PartitionHorizonRow>(partitionHorizon);
      const days = row?.days ?? undefined;
      const measured = { horizonDays: days === undefined ? undefined : Math.floor(days) };
      if (row?.is_new === true && clock.monotonicMs() - startedMs < FIRST_MADE_WITHIN_MS) return healthy(measured, 'not_measured');
      return days === undefined || days < LEAST_DAYS ? degraded('short_horizon', SHORT, measured) : healthy(measured);
    },
  };
}
