import { context } from '@opentelemetry/api';
import type { McpServer } from '@modelcontextprotocol/server';
import type { Logger } from 'pino';
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
import { openCache, openDatabase } from '../openStorage.js';
import { packageInfo } from '../packageInfo.js';
import { storageReports } from './storageReports.js';

/** Storage, services and what makes servers of them. */
export interface BackEnd {
  /** A server, instrumented and not yet connected. */
  readonly makeServer: () => McpServer;
  readonly instrumentHandler: (handler: object) => unknown;
  /** Asks the database; see `isWritable`. May hang for as long as the database does. */
  readonly isWritable: () => Promise<boolean>;
  close(): Promise<void>;
}

/** Opens storage, brings the database up to date and puts the services on it. */
export async function openBackEnd(settings: HandoffConfig['settings'], telemetry: Instrumentation, log: Logger): Promise<BackEnd> {
  const reports = storageReports(log, telemetry.meter);
  const database = await openDatabase(settings, reports);
  let cache: Cache | undefined;
  try {
    const opened = await openCache(settings, reports.onCacheError);
    cache = opened;
    const services = createHandoffServices({
      database,
      cache: opened,
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
      version: packageInfo().version,
      maxAnswerBytes: settings.HANDOFF_MAX_ANSWER_BYTES,
    });
    return {
      makeServer: () => telemetry.instrumentServer(make()),
      instrumentHandler: (handler) => telemetry.instrumentHandler(handler),
      isWritable: () => context.with(suppressTracing(context.active()), () => isWritable(database)),
      close: async () => {
        await Promise.all([opened.close(), database.close()]);
      },
    };
  } catch (error) {
    // A Redis client left open reconnects for ever, and the process that reported its failure would never end.
    await cache?.close();
    await database.close();
    throw error;
  }
}
