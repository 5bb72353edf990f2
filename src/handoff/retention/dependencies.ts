import type { Cache } from '../storage/cache.js';
import type { Database } from '../storage/database.js';
import type { Log } from '../../telemetry/log.js';
import type { RecordPoint } from '../../telemetry/instruments.js';
import type { Observe } from '../../telemetry/observe.js';
import type { Clock } from '../../time/clock.js';
import type { EraseHooks } from './eraseHooks.js';

/** Points of the metrics of retention; see `retentionMetrics`. */
export interface RetentionRecorders {
  readonly deletions: RecordPoint;
  readonly partitions: RecordPoint;
  readonly storageSize: RecordPoint;
  readonly storageLimit: RecordPoint;
}

/** Dependencies of everything in this folder; created once by `createRetention`. */
export interface RetentionDependencies {
  readonly database: Database;
  readonly cache: Cache;
  readonly observe: Observe;
  readonly log: Log;
  /** Only for pauses and time limits: what is due is decided by the database's clock. */
  readonly clock: Clock;
  /** Uniform in [0, 1); jitter only. */
  readonly random: () => number;
  readonly record: RetentionRecorders;
  readonly hooks: EraseHooks;
  /** Deletes objects that were noted for deletion. Without it they are left to a process that can reach the archive. */
  readonly archive: ArchivePort | undefined;
  /** Bytes that database and archive may take together; absent means no limit. */
  readonly storageLimitBytes: number | undefined;
}

/** What retention needs of cold storage. */
export interface ArchivePort {
  /** Deletes the objects of a deleted session, in memory too; resolves with whether none is left or can still appear. */
  clear(sessionId: string): Promise<boolean>;
}
