import { metrics, trace } from '@opentelemetry/api';
import type { Meter, Tracer } from '@opentelemetry/api';
import { createArchive } from './archive/archive.js';
import type { Archive } from './archive/archive.js';
import type { ObjectStore } from './archive/objects/objectStore.js';
import { createSessions } from './sessions/sessions.js';
import type { Sessions } from './sessions/sessions.js';
import { readArchiveFacts } from './sessions/sql/archivedFacts.js';
import type { Cache } from './storage/cache.js';
import type { Database } from './storage/database.js';
import { meteredCache } from './storage/meteredCache.js';
import { archiveMetrics } from '../telemetry/catalogue/archive.js';
import { sessionMetrics } from '../telemetry/catalogue/sessions.js';
import { storageMetrics } from '../telemetry/catalogue/storage.js';
import { createInstrument } from '../telemetry/instruments.js';
import type { Log } from '../telemetry/log.js';
import { createObserve } from '../telemetry/observe.js';
import type { Observe } from '../telemetry/observe.js';
import { systemClock } from '../time/clock.js';
import type { Clock } from '../time/clock.js';

export interface HandoffServicesOptions {
  readonly database: Database;
  readonly cache: Cache;
  /** Where ended sessions are moved. Default: nowhere; they are archived in the database, where they stay readable. */
  readonly archive?: ObjectStore | undefined;
  /** Receives one record per operation; a pino logger can be passed directly. */
  readonly log: Log;
  /** Default 24 hours. */
  readonly sessionTtlHours?: number;
  /** Handoff packages include the whole history up to this content size. Default 8 MiB. */
  readonly maxPackageBytes?: number;
  /** A page of sessions or entries reads at most this many bytes of content and metadata, or one row. Default 4 MiB. */
  readonly maxPageBytes?: number;
  /** Default: the global ones, as set by `instrument()` or any other SDK. */
  readonly tracer?: Tracer;
  readonly meter?: Meter;
  readonly clock?: Clock;
}

/** The services of a handoff server. */
export interface HandoffServices {
  readonly sessions: Sessions;
  /** Cold storage of ended sessions. */
  readonly archive: Archive;
  /** Wraps an operation as the services wrap theirs; for related work of the host. */
  readonly observe: Observe;
}

const SCOPE = 'handoff-otel';
const DEFAULT_SESSION_TTL_HOURS = 24;
const DEFAULT_MAX_PACKAGE_BYTES = 8 * 1024 * 1024;
const DEFAULT_MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** Creates the services on storage that the caller has opened and will close. Starts nothing. */
export function createHandoffServices(options: HandoffServicesOptions): HandoffServices {
  const tracer = options.tracer ?? trace.getTracer(SCOPE);
  const meter = options.meter ?? metrics.getMeter(SCOPE);
  const clock = options.clock ?? systemClock;
  const observe = createObserve({ tracer, meter, log: options.log, clock });
  const shared = {
    database: options.database,
    cache: meteredCache(options.cache, createInstrument(meter, storageMetrics.cacheOperations)),
    observe,
    clock,
  };
  const archive = createArchive({
    ...shared,
    store: options.archive,
    recordObjectSize: createInstrument(meter, archiveMetrics.objectSize),
    countFailure: createInstrument(meter, archiveMetrics.failures),
    readFacts: readArchiveFacts,
  });
  const sessions = createSessions({
    ...shared,
    archive,
    recordContextSize: createInstrument(meter, sessionMetrics.contextSize),
    sessionTtlHours: options.sessionTtlHours ?? DEFAULT_SESSION_TTL_HOURS,
    maxPackageBytes: options.maxPackageBytes ?? DEFAULT_MAX_PACKAGE_BYTES,
    maxPageBytes: options.maxPageBytes ?? DEFAULT_MAX_PAGE_BYTES,
  });
  return { sessions, archive, observe };
}
