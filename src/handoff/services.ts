import { metrics, trace } from '@opentelemetry/api';
import type { Meter, Tracer } from '@opentelemetry/api';
import { createRetention } from './retention/retention.js';
import type { Retention } from './retention/retention.js';
import { createSessions } from './sessions/sessions.js';
import type { Sessions } from './sessions/sessions.js';
import type { Cache } from './storage/cache.js';
import type { Database } from './storage/database.js';
import { meteredCache } from './storage/meteredCache.js';
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
  /** Receives one record per operation; a pino logger can be passed directly. */
  readonly log: Log;
  /**
   * Hours without activity after which a session expires that got the retention policy `standard` in want of an argument or a rule.
   * Default: that of the policy.
   */
  readonly sessionTtlHours?: number | undefined;
  /** Bytes that database and archive may take together, for the storage report. Default: no limit. */
  readonly storageLimitBytes?: number | undefined;
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
  /** Retention policies, legal holds, erasure, partitions and the storage report. */
  readonly retention: Retention;
  /** Wraps an operation as the services wrap theirs; for related work of the host. */
  readonly observe: Observe;
}

const SCOPE = 'handoff-otel';
const DEFAULT_MAX_PACKAGE_BYTES = 8 * 1024 * 1024;
const DEFAULT_MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** Creates the services on storage that the caller has opened and will close. Starts nothing. */
export function createHandoffServices(options: HandoffServicesOptions): HandoffServices {
  const tracer = options.tracer ?? trace.getTracer(SCOPE);
  const meter = options.meter ?? metrics.getMeter(SCOPE);
  const clock = options.clock ?? systemClock;
  const observe = createObserve({ tracer, meter, log: options.log, clock });
  const cache = meteredCache(options.cache, createInstrument(meter, storageMetrics.cacheOperations));
  const sessions = createSessions({
    database: options.database,
    cache,
    observe,
    clock,
    recordContextSize: createInstrument(meter, sessionMetrics.contextSize),
    sessionTtlHours: options.sessionTtlHours,
    maxPackageBytes: options.maxPackageBytes ?? DEFAULT_MAX_PACKAGE_BYTES,
    maxPageBytes: options.maxPageBytes ?? DEFAULT_MAX_PAGE_BYTES,
  });
  const retention = createRetention({
    database: options.database,
    cache,
    observe,
    log: options.log,
    clock,
    random: Math.random,
    meter,
    archive: undefined,
    storageLimitBytes: options.storageLimitBytes,
  });
  return { sessions, retention, observe };
}
