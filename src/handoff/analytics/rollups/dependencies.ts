import type { RecordPoint } from '../../../telemetry/instruments.js';
import type { Observe } from '../../../telemetry/observe.js';
import type { Clock } from '../../../time/clock.js';
import type { Database } from '../../storage/database.js';

/** Points of the metrics of rollups; see `analyticsMetrics`. */
export interface RollupRecorders {
  readonly duration: RecordPoint;
  readonly rows: RecordPoint;
  readonly lateRows: RecordPoint;
  readonly lag: RecordPoint;
}

/** Dependencies of everything in this folder. */
export interface RollupDependencies {
  readonly database: Database;
  readonly observe: Observe;
  /** Only for pauses, time limits and durations: which rows are due is decided by the database's clock. */
  readonly clock: Clock;
  readonly record: RollupRecorders;
}
