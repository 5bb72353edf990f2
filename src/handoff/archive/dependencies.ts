import type { RecordPoint } from '../../telemetry/instruments.js';
import type { Observe } from '../../telemetry/observe.js';
import type { Clock } from '../../time/clock.js';
import type { Cache } from '../storage/cache.js';
import type { Database, Statement } from '../storage/database.js';
import type { ObjectStore } from './objects/objectStore.js';

/** Dependencies of the archive; created once by the composition root. */
export interface ArchiveDependencies {
  readonly database: Database;
  readonly cache: Cache;
  /** Absent: sessions are archived where they are, and their rows stay in the database. */
  readonly store?: ObjectStore | undefined;
  readonly observe: Observe;
  readonly clock: Clock;
  readonly recordObjectSize: RecordPoint;
  readonly countFailure: RecordPoint;
  /** Gives what a summary needs of a session as JSON text in the column `facts`. $1 session id. */
  readonly readFacts: Statement;
  /**
   * How long an object that nothing refers to is left alone: longer than writing one takes, and than a reader needs the object of a
   * session that was restored meanwhile. Also the pause before a session that could not be archived is tried again. In milliseconds.
   */
  readonly leftoverGraceMs: number;
}

/** The same for what needs an object store. */
export interface StoreDependencies extends ArchiveDependencies {
  readonly store: ObjectStore;
}
