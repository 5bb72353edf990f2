import type { Cache } from '../storage/cache.js';
import type { Database } from '../storage/database.js';
import type { RecordPoint } from '../../telemetry/instruments.js';
import type { Observe } from '../../telemetry/observe.js';
import type { Clock } from '../../time/clock.js';
import type { ArchivePort } from './ports.js';

/** Points of the metrics of lifecycle; see `lifecycleMetrics`. */
export interface LifecycleRecorders {
  readonly transitions: RecordPoint;
  readonly sweepDuration: RecordPoint;
  readonly sweepBatch: RecordPoint;
  readonly sweepLag: RecordPoint;
  readonly problems: RecordPoint;
  readonly cacheFreed: RecordPoint;
}

/** Dependencies of everything in this folder; created once by `createLifecycle`. */
export interface LifecycleDependencies {
  readonly database: Database;
  readonly cache: Cache;
  readonly observe: Observe;
  /** Only for pauses, time limits and durations: what is due is decided by the database's clock. */
  readonly clock: Clock;
  readonly record: LifecycleRecorders;
  /** Without it ended sessions stay where they are. */
  readonly archive: ArchivePort | undefined;
  /** Told how many sessions a purge has deleted, and by which policy. */
  readonly onPurged: ((policy: string, sessions: number) => void) | undefined;
  /** Ends handoffs that nobody answered; resolves with their number. */
  readonly timeOutHandoffs: ((limit: number) => Promise<number>) | undefined;
}
