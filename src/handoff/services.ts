import { metrics, trace } from '@opentelemetry/api';
import type { Meter, Tracer } from '@opentelemetry/api';
import { createAnalytics } from './analytics/analytics.js';
import type { Analytics } from './analytics/analytics.js';
import type { AnalyticsConfig } from './analytics/analyticsConfig.js';
import { createLifecycle } from './lifecycle/lifecycle.js';
import type { Lifecycle } from './lifecycle/lifecycle.js';
import type { RetentionPolicy } from './retention/retentionPolicy.js';
import { createArchive } from './archive/archive.js';
import type { Archive } from './archive/archive.js';
import type { ObjectStore } from './archive/objects/objectStore.js';
import { protectedStore } from './archive/objects/protectedStore.js';
import { createCodebase } from './codebase/codebase.js';
import type { CodebaseSettings } from './codebase/codebase.js';
import { backgroundWork } from './jobs/backgroundWork.js';
import type { BackgroundWork } from './jobs/backgroundWork.js';
import type { Jobs } from './jobs/jobs.js';
import { openJobs } from './jobs/openJobs.js';
import type { JobsOptions } from './jobs/openJobs.js';
import { cacheUseTo, operationsTo, statementsTo } from './monitoring/measurements/listeners.js';
import { Recorder } from './monitoring/measurements/recorder.js';
import { heapUse } from './monitoring/health/checks/heapUse.js';
import { Suspicions } from './monitoring/health/suspicions.js';
import { createMonitoring } from './monitoring/monitoring.js';
import type { Monitoring } from './monitoring/monitoring.js';
import type { MonitoringConfig } from './monitoring/monitoringConfig.js';
import { recoveryProbes } from './monitoring/recoveryProbes.js';
import type { LoopDelay } from './resilience/admission/loopDelay.js';
import type { Degradations } from './resilience/degradations.js';
import type { AlertSink } from './resilience/errors/alerts.js';
import { createErrorHandler } from './resilience/errors/createErrorHandler.js';
import type { ClassifyingErrorHandler } from './resilience/errors/errorHandler.js';
import { openDegradations } from './resilience/openDegradations.js';
import { countPurged } from './retention/countPurged.js';
import { createRetention } from './retention/retention.js';
import type { Retention } from './retention/retention.js';
import { createHandoffSweeps } from './sessions/handoffs/handoffSweeps.js';
import type { HandoffSweeps } from './sessions/handoffs/handoffSweeps.js';
import type { SessionDependencies } from './sessions/dependencies.js';
import { KeptHistories, keptBytesOf } from './sessions/history/keptHistories.js';
import { readArchiveFacts } from './sessions/sql/archivedFacts.js';
import { createSessions } from './sessions/sessions.js';
import type { Sessions } from './sessions/sessions.js';
import type { Cache } from './storage/cache.js';
import type { Database } from './storage/database.js';
import type { GuardMakers } from './storage/guard.js';
import { guardedDatabase } from './storage/guardedDatabase.js';
import { loadPeer } from './storage/loadPeer.js';
import { meteredCache } from './storage/meteredCache.js';
import { meteredDatabase } from './storage/meteredDatabase.js';
import { isLeveledLog, leveledLog } from '../logging/levels.js';
import type { LevelControl } from '../logging/levels.js';
import { loggerWithLevels } from '../logging/loggerWithLevels.js';
import type { StructuredLogger } from '../logging/types.js';
import { archiveMetrics } from '../telemetry/catalogue/archive.js';
import { codebaseMetrics } from '../telemetry/catalogue/codebase.js';
import { handoffMetrics } from '../telemetry/catalogue/handoffs.js';
import { lifecycleMetrics } from '../telemetry/catalogue/lifecycle.js';
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
  /**
   * Hours without activity after which a session expires that got the retention policy `standard` in want of an argument or a rule.
   * 0.001 to 87,600. Default: that of the policy.
   */
  readonly sessionTtlHours?: number | undefined;
  /** Bytes that database and archive may take together, for the storage report. Default: no limit. */
  readonly storageLimitBytes?: number | undefined;
  /** How long the target of a handoff may take to answer, if it uses its inbox. Default 24 hours. */
  readonly handoffTimeoutHours?: number;
  /** Handoff packages include the whole history up to this content size. Default 8 MiB. */
  readonly maxPackageBytes?: number;
  /** A page of sessions or entries reads at most this many bytes of content and metadata, or one row. Default 4 MiB. */
  readonly maxPageBytes?: number;
  /** Which source files may be analysed. Default: none. */
  readonly codebase?: CodebaseSettings;
  /** How scheduled jobs are run. */
  readonly jobs?: JobsOptions;
  /** What is watched, and how often. */
  readonly monitoring?: MonitoringConfig;
  /** How often rollups run, and what reports look at. */
  readonly analytics?: AnalyticsConfig;
  /** Address of Grafana with the boards of this package, to which anomalies are linked. Default: no links. */
  readonly grafanaUrl?: string | undefined;
  /** Circuit breakers and the like around the database and the archive; that of a Redis cache is given to the cache. Default: none. */
  readonly policies?: GuardMakers | undefined;
  /** Where it is noted which features are off. Default: one of its own, with log records and a metric. */
  readonly degradations?: Degradations;
  /** What watches the event loop for others too, who end it. Default: a watch of its own, from `start()` to `stop()`. */
  readonly loop?: LoopDelay;
  /** Takes alerts of the error handler elsewhere too, besides the log and `monitoring.alertTargets`. Default: nowhere. */
  readonly onAlert?: AlertSink;
  /** Default: the global ones, as set by `instrument()` or any other SDK. */
  readonly tracer?: Tracer;
  readonly meter?: Meter;
  readonly clock?: Clock;
}

/** The services of a handoff server. */
export interface HandoffServices extends BackgroundWork {
  readonly sessions: Sessions;
  /** What happens to sessions by time and by operators. */
  readonly lifecycle: Lifecycle<RetentionPolicy>;
  /** The scheduled jobs: what they are, how they went, and how to run one now. */
  readonly jobs: Jobs;
  /** How the server is, and what it measures. */
  readonly monitoring: Monitoring;
  /** What happened, in buckets of time that outlive their rows. */
  readonly analytics: Analytics;
  /** Retention policies, legal holds, erasure, partitions and the storage report. */
  readonly retention: Retention;
  readonly handoffs: HandoffSweeps;
  /** Cold storage of ended sessions. */
  readonly archive: Archive;
  /** Writes one typed record per event to `log`, and says from which level on, for each component, records of the services are written. */
  readonly logger: StructuredLogger & LevelControl;
  /** Answers, recovers from and reports errors. */
  readonly errors: ClassifyingErrorHandler;
  /** What the services work without at the moment, since when and why. */
  readonly degradations: Degradations;
  /** Wraps an operation as the services wrap theirs; for related work of the host. */
  readonly observe: Observe;
}

const SCOPE = 'handoff-otel';
const DEFAULT_MAX_PACKAGE_BYTES = 8 * 1024 * 1024;
const DEFAULT_MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** Creates the services on storage that the caller opened and will close. Starts nothing. @throws InvalidArgumentError for a bad number */
export function createHandoffServices(options: HandoffServicesOptions): HandoffServices {
  const emission = emissionOf(options);
  const { tracer, meter, clock, log, recorder, observe, degradations } = emission;
  const { unguarded, database, cache, suspicions } = wrappedStorage(options, emission);
  const { policies } = options;
  const shared = { database, cache, observe, clock };
  const archive = createArchive({
    ...shared,
    store:
      options.archive === undefined ? undefined : protectedStore(options.archive, { makeGuard: policies?.archive, degradations, clock }),
    recordObjectSize: createInstrument(meter, archiveMetrics.objectSize),
    countFailure: createInstrument(meter, archiveMetrics.failures),
    readFacts: readArchiveFacts,
  });
  const histories = new KeptHistories(clock, { maxBytes: keptBytesOf(heapUse().limitBytes) });
  const sessions = createSessions({ ...shared, archive, histories, ...sessionSettings(options, meter) });
  const handoffs = createHandoffSweeps({ database, observe, meter, handoffTimeoutHours: options.handoffTimeoutHours });
  const retention = createRetention({
    ...{ ...shared, log, meter, archive },
    random: Math.random,
    storageLimitBytes: options.storageLimitBytes,
  });
  const lifecycle = createLifecycle<RetentionPolicy>({
    ...shared,
    meter,
    archive,
    retention,
    onPurged: countPurged(meter),
    timeOutHandoffs: (limit) => handoffs.timeOut(limit),
  });
  const emitters = { log, meter, clock, database: unguarded };
  const analytics = createAnalytics({
    ...{ database, observe, clock, log, meter, archive, config: options.analytics ?? {}, grafanaUrl: options.grafanaUrl },
    circumstances: { cache: options.cache, retention, handoffs, thresholds: () => monitoring.thresholds() },
  });
  retention.onErase(analytics.forgetErased);
  retention.onErase(async (_q, { sessionKey }) => histories.forget(sessionKey));
  const jobs = openJobs(options.jobs ?? {}, [...lifecycle.jobs, ...analytics.jobs], { ...emitters, observe, tracer, degradations });
  const monitoring = createMonitoring({
    ...emitters,
    cache: options.cache,
    archive: options.archive,
    jobs,
    readLag: () => lifecycle.readLag(),
    degradations,
    isDatabaseLeftAlone: () => (policies?.states().get('database') ?? 'closed') !== 'closed',
    suspicions,
    recorder,
    loadCockatiel: () => loadPeer('cockatiel'),
    loop: options.loop,
    config: options.monitoring ?? {},
  });
  const work = backgroundWork(
    { jobs, lifecycle, retention, monitoring, analytics },
    { isEnabled: options.jobs?.enabled ?? true, onStopped: emission.close },
  );
  const logger = loggerWithLevels(log);
  const probes = recoveryProbes(options, degradations);
  const onAlert: AlertSink = (alert) => Promise.all([monitoring.tellError(alert), options.onAlert?.(alert)]);
  const errors = createErrorHandler({ probes, logger, log, observe, clock, random: Math.random, onAlert });
  return { sessions, lifecycle, retention, handoffs, archive, jobs, monitoring, analytics, logger, errors, degradations, observe, ...work };
}

/** What the services write telemetry with. */
function emissionOf(options: HandoffServicesOptions) {
  const tracer = options.tracer ?? trace.getTracer(SCOPE);
  const meter = options.meter ?? metrics.getMeter(SCOPE);
  const clock = options.clock ?? systemClock;
  // What a host's own logger lets through is the host's to say; from there on levels can only be raised.
  const log = isLeveledLog(options.log) ? options.log : leveledLog(options.log, { level: 'trace', components: {} });
  const recorder = new Recorder(() => clock.monotonicMs());
  const observe = createObserve({ tracer, meter, log, clock, onOperation: operationsTo(recorder) });
  const { degradations, close } =
    options.degradations === undefined
      ? openDegradations(log, meter, clock)
      : { degradations: options.degradations, close: () => undefined };
  return { tracer, meter, clock, log, recorder, observe, degradations, close };
}

/** The storage as calls see it; what watches the database and runs jobs must learn the truth while a guard lets nothing through. */
function wrappedStorage(options: HandoffServicesOptions, { meter, clock, recorder }: ReturnType<typeof emissionOf>) {
  const { policies } = options;
  const suspicions = new Suspicions(() => clock.monotonicMs());
  const unguarded = meteredDatabase(options.database, () => clock.monotonicMs(), statementsTo(recorder, meter, suspicions));
  const database = policies === undefined ? unguarded : guardedDatabase(unguarded, policies.database);
  const cache = meteredCache(options.cache, createInstrument(meter, storageMetrics.cacheOperations), {
    nowMs: () => clock.monotonicMs(),
    onOperation: cacheUseTo(recorder, suspicions),
  });
  return { unguarded, database, cache, suspicions };
}

function sessionSettings(
  options: HandoffServicesOptions,
  meter: Meter,
): Omit<SessionDependencies, 'database' | 'cache' | 'observe' | 'clock' | 'archive' | 'histories'> {
  return {
    recordContextSize: createInstrument(meter, sessionMetrics.contextSize),
    recordTransition: createInstrument(meter, lifecycleMetrics.transitions),
    recordHandoffOutcome: createInstrument(meter, handoffMetrics.outcomes),
    recordHandoffAnswer: createInstrument(meter, handoffMetrics.answerDuration),
    codebase: createCodebase(options.codebase ?? { roots: [] }),
    recordCodebaseFiles: createInstrument(meter, codebaseMetrics.files),
    sessionTtlHours: options.sessionTtlHours,
    maxPackageBytes: options.maxPackageBytes ?? DEFAULT_MAX_PACKAGE_BYTES,
    maxPageBytes: options.maxPageBytes ?? DEFAULT_MAX_PAGE_BYTES,
  };
}
