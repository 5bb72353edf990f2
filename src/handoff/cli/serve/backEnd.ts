import { context } from '@opentelemetry/api';
import type { McpServer } from '@modelcontextprotocol/server';
import type { Log } from '../../../telemetry/log.js';
import type { HandoffConfig } from '../../config/resolve.js';
import type { Instrumentation } from '../../../instrumentation/handle.js';
import { suppressTracing } from '../../../logging/suppression.js';
import { handoffServerFactory } from '../../server/createHandoffServer.js';
import { createHandoffServices } from '../../services.js';
import type { Cache } from '../../storage/cache.js';
import { isWritable } from '../../storage/isWritable.js';
import { migrate, requireMigrated } from '../../storage/migrate/migrate.js';
import { storageOperations } from '../../../telemetry/catalogue/storage.js';
import { systemClock } from '../../../time/clock.js';
import { openArchive } from '../openArchive.js';
import type { OpenedArchive } from '../openArchive.js';
import { openCache, openDatabase } from '../openStorage.js';
import { packageInfo } from '../packageInfo.js';
import { storageReports } from './storageReports.js';

/** Storage, services and the server factory. */
export interface BackEnd {
  /** Creates an instrumented server that is not yet connected. */
  readonly makeServer: () => McpServer;
  readonly instrumentHandler: (handler: object) => unknown;
  /** Asks the database, see `isWritable`. May hang for as long as the database does. */
  readonly isWritable: () => Promise<boolean>;
  close(): Promise<void>;
}

/** Opens storage, migrates the database and creates the services on top. */
export async function openBackEnd(settings: HandoffConfig['settings'], telemetry: Instrumentation, log: Log): Promise<BackEnd> {
  const reports = storageReports(log, telemetry.meter);
  const database = await openDatabase(settings, reports);
  let cache: Cache | undefined;
  let archive: OpenedArchive | undefined;
  try {
    archive = await openArchive(settings);
    const opened = await openCache(settings, reports.onCacheError);
    cache = opened;
    const services = createHandoffServices({
      database,
      cache: opened,
      archive: archive?.store,
      log,
      sessionTtlHours: settings.HANDOFF_SESSION_TTL_HOURS,
      maxPageBytes: settings.HANDOFF_MAX_ANSWER_BYTES,
      tracer: telemetry.tracer,
      meter: telemetry.meter,
    });
    await services.observe(storageOperations.migrate.name, {}, async () => {
      if (settings.HANDOFF_MIGRATE_ON_START)
        await migrate(database, {}, { clock: systemClock, random: Math.random, onWarning: reports.onMigrationWarning });
      else await requireMigrated(database);
    });
    const make = handoffServerFactory({
      sessions: services.sessions,
      limits: { maxContentBytes: settings.HANDOFF_MAX_CONTENT_BYTES, maxMetadataBytes: settings.HANDOFF_MAX_METADATA_BYTES },
      name: settings.MCP_SERVER_NAME,
      version: settings.MCP_SERVER_VERSION ?? packageInfo().version,
      maxAnswerBytes: settings.HANDOFF_MAX_ANSWER_BYTES,
    });
    return {
      makeServer: () => telemetry.instrumentServer(make()),
      instrumentHandler: (handler) => telemetry.instrumentHandler(handler),
      isWritable: () => context.with(suppressTracing(context.active()), () => isWritable(database)),
      close: async () => {
        await Promise.all([opened.close(), database.close()]);
        archive?.close();
      },
    };
  } catch (error) {
    // A Redis client left open keeps reconnecting, so the process that reported its failure would never end.
    archive?.close();
    await cache?.close();
    await database.close();
    throw error;
  }
}
