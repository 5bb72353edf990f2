import { context } from '@opentelemetry/api';
import type { McpServer } from '@modelcontextprotocol/server';
import type { Log } from '../../../telemetry/log.js';
import type { HandoffConfig } from '../../config/resolve.js';
import type { Instrumentation } from '../../../instrumentation/handle.js';
import { suppressTracing } from '../../../logging/suppression.js';
import type { Analytics } from '../../analytics/analytics.js';
import type { Monitoring } from '../../monitoring/monitoring.js';
import type { Admission } from '../../resilience/admission/admission.js';
import { handoffServerFactory } from '../../server/createHandoffServer.js';
import { unlessAdmitted } from '../../server/admit.js';
import type { CallGate } from '../../server/door.js';
import type { Arrivals } from '../../server/subscriptions/inboxWatch.js';
import { refusedInputTo } from '../../server/tools/refusedInput.js';
import { createHandoffServices } from '../../services.js';
import type { HandoffServices, HandoffServicesOptions } from '../../services.js';
import type { Cache } from '../../storage/cache.js';
import type { Database } from '../../storage/database.js';
import { isWritable } from '../../storage/isWritable.js';
import { migrate, requireMigrated } from '../../storage/migrate/migrate.js';
import { storageOperations } from '../../../telemetry/catalogue/storage.js';
import { systemClock } from '../../../time/clock.js';
import { openArchive } from '../openArchive.js';
import type { OpenedArchive } from '../openArchive.js';
import { openCache, openDatabase } from '../openStorage.js';
import { analyticsConfig } from './analyticsConfig.js';
import { cacheListeners } from './cacheListeners.js';
import { codebaseSettings } from './codebaseSettings.js';
import { monitoringConfig } from './monitoringConfig.js';
import { packageInfo } from '../packageInfo.js';
import { openProtection } from './protection.js';
import type { Protection } from './protection.js';
import { storageReports } from './storageReports.js';

/** Storage, services and the server factory. */
export interface BackEnd {
  /** Creates an instrumented server that is not yet connected. */
  readonly makeServer: () => McpServer;
  readonly instrumentHandler: (handler: object) => unknown;
  readonly arrivals: Arrivals;
  /** Decides when calls over HTTP begin; see `Door`. */
  readonly calls: Omit<CallGate, 'mostOpen'>;
  /** How the parts are. */
  readonly monitoring: Monitoring;
  /** What happened, in buckets of time. */
  readonly analytics: Analytics;
  /** Which calls are begun. */
  readonly admission: Admission;
  /** Asks the database, see `isWritable`. May hang for as long as the database does. */
  readonly isWritable: () => Promise<boolean>;
  /** Begins the work that nobody asks for, a moment later: loading it must not delay the first answer. */
  startWork(): void;
  /** Ends it; jobs under way have `graceMs`, and calls are measured until `drained` settles. */
  stopWork(graceMs: number, drained: Promise<unknown>): Promise<void>;
  close(): Promise<void>;
}

/** A client that starts this process waits for its first answer, which takes a few milliseconds from here. */
const FIRST_ANSWER_MS = 1000;

async function upToDate(database: Database, { onMigrationWarning: onWarning }: ReturnType<typeof storageReports>): Promise<void> {
  await migrate(database, {}, { clock: systemClock, random: Math.random, onWarning });
}

function serviceSettings(settings: HandoffConfig['settings']): Partial<HandoffServicesOptions> {
  return {
    sessionTtlHours: settings.HANDOFF_SESSION_TTL_HOURS,
    codebase: codebaseSettings(settings),
    storageLimitBytes: settings.HANDOFF_STORAGE_LIMIT_BYTES,
    handoffTimeoutHours: settings.HANDOFF_HANDOFF_TIMEOUT_HOURS,
    maxPageBytes: settings.HANDOFF_MAX_ANSWER_BYTES,
    analytics: analyticsConfig(settings),
    grafanaUrl: settings.HANDOFF_GRAFANA_URL,
    jobs: {
      enabled: settings.HANDOFF_JOBS_ENABLED,
      schema: settings.HANDOFF_JOBS_SCHEMA,
      mayInstall: settings.HANDOFF_MIGRATE_ON_START,
    },
  };
}

/** Opens storage, migrates the database and creates the services on top. */
export async function openBackEnd(settings: HandoffConfig['settings'], telemetry: Instrumentation, log: Log): Promise<BackEnd> {
  const reports = storageReports(log, telemetry.meter);
  const protection = await openProtection(settings, telemetry.meter, log);
  const { policies, degradations, loop } = protection;
  const database = await openDatabase(settings, reports);
  let cache: Cache | undefined;
  let archive: OpenedArchive | undefined;
  try {
    archive = openArchive(settings);
    const opened = await openCache(settings, ...cacheListeners(reports.onCacheError, protection));
    cache = opened;
    const services = createHandoffServices({
      database,
      cache: opened,
      archive: archive?.store,
      policies,
      degradations,
      loop,
      log,
      ...serviceSettings(settings),
      monitoring: monitoringConfig(settings, telemetry, protection.admission),
      tracer: telemetry.tracer,
      meter: telemetry.meter,
    });
    await services.observe(storageOperations.migrate.name, {}, () =>
      settings.HANDOFF_MIGRATE_ON_START ? upToDate(database, reports) : requireMigrated(database),
    );
    const make = serverFactory(settings, services, protection, log);
    let begin: NodeJS.Timeout | undefined;
    return {
      startWork: () => {
        begin = setTimeout(() => services.start(), FIRST_ANSWER_MS).unref();
      },
      stopWork: (graceMs, drained) => {
        clearTimeout(begin);
        return services.stop(graceMs, drained);
      },
      monitoring: services.monitoring,
      analytics: services.analytics,
      admission: protection.admission,
      makeServer: () => telemetry.instrumentServer(make()),
      instrumentHandler: (handler) => telemetry.instrumentHandler(handler),
      // Asked every second, for all who listen: it has no part in the trace of the client who began to.
      arrivals: () => services.handoffs.arrived(),
      calls: {
        hasRoom: () => protection.admission.hasRoom,
        enter: (options) => protection.admission.enter(options),
        refuse: () => protection.admission.refuse(),
        degraded: () => services.degradations.list(),
      },
      isWritable: () => context.with(suppressTracing(context.active()), () => isWritable(database)),
      close: async () => {
        protection.close();
        await Promise.all([opened.close(), database.close()]);
        archive?.close();
      },
    };
  } catch (error) {
    protection.close();
    // A Redis client left open keeps reconnecting, so the process that reported its failure would never end.
    archive?.close();
    await cache?.close();
    await database.close();
    throw error;
  }
}

function serverFactory(
  settings: HandoffConfig['settings'],
  { sessions, jobs, monitoring, analytics, retention, degradations }: HandoffServices,
  { admission }: Protection,
  log: Log,
): () => McpServer {
  return handoffServerFactory({
    sessions,
    limits: {
      maxContentBytes: settings.HANDOFF_MAX_CONTENT_BYTES,
      maxMetadataBytes: settings.HANDOFF_MAX_METADATA_BYTES,
      maxFiles: settings.HANDOFF_CODEBASE_MAX_FILES,
    },
    jobs,
    monitoring,
    analytics,
    adminTools: settings.HANDOFF_ADMIN_TOOLS ? retention : undefined,
    name: settings.MCP_SERVER_NAME,
    version: settings.MCP_SERVER_VERSION ?? packageInfo().version,
    maxAnswerBytes: settings.HANDOFF_MAX_ANSWER_BYTES,
    admit: unlessAdmitted((work, options) => admission.run(work, options)),
    degraded: () => degradations.list(),
    onRefusedInput: refusedInputTo(log),
  });
}
