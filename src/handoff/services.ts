import { metrics, trace } from '@opentelemetry/api';
import type { Meter, Tracer } from '@opentelemetry/api';
import { arrivedHandoffs } from './sessions/handoffs/arrivedHandoffs.js';
import type { Arrival } from './sessions/handoffs/arrivedHandoffs.js';
import { timeOutHandoffs } from './sessions/handoffs/timeOutHandoffs.js';
import { createSessions } from './sessions/sessions.js';
import type { Sessions } from './sessions/sessions.js';
import type { Cache } from './storage/cache.js';
import type { Database } from './storage/database.js';
import { meteredCache } from './storage/meteredCache.js';
import { handoffMetrics } from '../telemetry/catalogue/handoffs.js';
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
  /** Default 24 hours. */
  readonly sessionTtlHours?: number;
  /** How long the target of a handoff may take to answer, if it uses its inbox. Default 24 hours. */
  readonly handoffTimeoutHours?: number;
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
  readonly handoffs: HandoffSweeps;
  /** Wraps an operation as the services wrap theirs; for related work of the host. */
  readonly observe: Observe;
}

/** What is done about handoffs besides what agents ask for. */
export interface HandoffSweeps {
  /** Times out at most `limit` handoffs that wait for an answer too long, and returns how many; fewer mean that no others were due. */
  timeOut(limit: number): Promise<number>;
  /** The handoffs of the last half minute. */
  arrived(): Promise<readonly Arrival[]>;
}

const SCOPE = 'handoff-otel';
const DEFAULT_SESSION_TTL_HOURS = 24;
const DEFAULT_HANDOFF_TIMEOUT_HOURS = 24;
const DEFAULT_MAX_PACKAGE_BYTES = 8 * 1024 * 1024;
const DEFAULT_MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** Creates the services on storage that the caller has opened and will close. Starts nothing. */
export function createHandoffServices(options: HandoffServicesOptions): HandoffServices {
  const tracer = options.tracer ?? trace.getTracer(SCOPE);
  const meter = options.meter ?? metrics.getMeter(SCOPE);
  const clock = options.clock ?? systemClock;
  const observe = createObserve({ tracer, meter, log: options.log, clock });
  const { database } = options;
  const recordHandoffOutcome = createInstrument(meter, handoffMetrics.outcomes);
  const sessions = createSessions({
    database,
    cache: meteredCache(options.cache, createInstrument(meter, storageMetrics.cacheOperations)),
    observe,
    clock,
    recordContextSize: createInstrument(meter, sessionMetrics.contextSize),
    recordHandoffOutcome,
    recordHandoffAnswer: createInstrument(meter, handoffMetrics.answerDuration),
    sessionTtlHours: options.sessionTtlHours ?? DEFAULT_SESSION_TTL_HOURS,
    maxPackageBytes: options.maxPackageBytes ?? DEFAULT_MAX_PACKAGE_BYTES,
    maxPageBytes: options.maxPageBytes ?? DEFAULT_MAX_PAGE_BYTES,
  });
  const handoffTimeoutHours = options.handoffTimeoutHours ?? DEFAULT_HANDOFF_TIMEOUT_HOURS;
  const handoffs: HandoffSweeps = {
    timeOut: (limit) => timeOutHandoffs({ database, observe, recordHandoffOutcome, handoffTimeoutHours }, limit),
    arrived: () => arrivedHandoffs(database),
  };
  return { sessions, handoffs, observe };
}
