import type { Cache } from '../storage/cache.js';
import type { Database } from '../storage/database.js';
import type { RecordPoint } from '../../telemetry/instruments.js';
import type { Observe } from '../../telemetry/observe.js';
import type { Clock } from '../../time/clock.js';

/** What the session operations need; made once by the composition root. */
export interface SessionDependencies {
  readonly database: Database;
  readonly cache: Cache;
  readonly observe: Observe;
  readonly clock: Clock;
  readonly recordContextSize: RecordPoint;
  readonly sessionTtlHours: number;
  /** A handoff package carries the whole history only up to this size of content, bytes. */
  readonly maxPackageBytes: number;
  /** A page read from the database holds at most so many bytes of content and metadata, or a single row. */
  readonly maxPageBytes: number;
}
