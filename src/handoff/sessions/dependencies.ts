import type { Codebase } from '../codebase/codebase.js';
import type { ArchiveReader } from '../archive/readArchive.js';
import type { Cache } from '../storage/cache.js';
import type { Database } from '../storage/database.js';
import type { RecordPoint } from '../../telemetry/instruments.js';
import type { Observe } from '../../telemetry/observe.js';
import type { Clock } from '../../time/clock.js';
import type { KeptHistories } from './history/keptHistories.js';

/** Dependencies of the session operations; created once by the composition root. */
export interface SessionDependencies {
  readonly database: Database;
  readonly cache: Cache;
  /** Where the history of archived sessions is. */
  readonly archive: ArchiveReader;
  readonly observe: Observe;
  readonly clock: Clock;
  readonly recordContextSize: RecordPoint;
  readonly codebase: Codebase;
  readonly recordCodebaseFiles: RecordPoint;
  /** Of sessions that get the policy `standard` in want of anything else; absent: the policy's. */
  readonly sessionTtlHours: number | undefined;
  /** One point for each change of a session's state by an agent. */
  readonly recordTransition: RecordPoint;
  /** One point for each handoff that is delivered, answered or timed out. */
  readonly recordHandoffOutcome: RecordPoint;
  /** Seconds from the request of a handoff to an answer. */
  readonly recordHandoffAnswer: RecordPoint;
  /** Histories that were handed over lately. */
  readonly histories: KeptHistories;
  /** A handoff package includes the whole history only up to this content size, in bytes. */
  readonly maxPackageBytes: number;
  /** A page read from the database holds at most this many bytes of content and metadata, or a single row. */
  readonly maxPageBytes: number;
}
