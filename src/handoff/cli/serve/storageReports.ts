import type { CacheErrorListener } from '../../storage/cache.js';
import { redisRefusal } from '../../storage/redisFailure.js';
import { storageEvents, storageMetrics } from '../../../telemetry/catalogue/storage.js';
import { errorType } from '../../../telemetry/errorType.js';
import { redisErrorType } from '../../../telemetry/guard/redisErrorType.js';
import { createInstrument } from '../../../telemetry/instruments.js';
import type { Log } from '../../../telemetry/log.js';
import { createRateLimit } from '../../../telemetry/rateLimit.js';
import { ATTR_ERROR_TYPE, ATTR_EVENT_NAME, ATTR_HANDOFF_CACHE_OPERATION, ATTR_HANDOFF_CACHE_RESULT } from '../../../telemetry/semconv.js';
import { systemClock } from '../../../time/clock.js';
import type { Meter } from '@opentelemetry/api';

/** One line per minute and kind: an operator needs to know that Redis is unreachable, not how often it was called. */
const INTERVAL_MS = 60_000;

export interface StorageReports {
  readonly onConnectionLost: (error: Error) => void;
  readonly onCreating: () => void;
  readonly onCacheError: CacheErrorListener;
  readonly onMigrationWarning: (warning: string) => void;
}

/** Reports absorbed storage failures as a count and an occasional log line; they never fail a call. */
export function storageReports(log: Log, meter: Meter): StorageReports {
  const limit = createRateLimit(systemClock, INTERVAL_MS);
  const count = createInstrument(meter, storageMetrics.cacheOperations);
  return {
    onConnectionLost: (error) =>
      limit('database', (heldBack) =>
        log.warn(
          { [ATTR_EVENT_NAME]: storageEvents.connectionLost.name, [ATTR_ERROR_TYPE]: errorType(error), heldBack },
          'an idle database connection broke; the pool opens another',
        ),
      ),
    // Omits the definitions of views and triggers that a warning may end with: they are the operator's SQL, including literals.
    onMigrationWarning: (warning) =>
      log.warn(
        { [ATTR_EVENT_NAME]: storageEvents.migrationWarning.name, warning: warning.split(' It was: ', 1)[0] },
        'a migration dropped or deleted something; the full text is in the table handoff_migration_notes',
      ),
    onCreating: () => {
      log.info(
        { [ATTR_EVENT_NAME]: storageEvents.embeddedCreating.name },
        'first start: creating the embedded database in HANDOFF_DATA_DIR; calls are answered once it is ready, in a few seconds',
      );
    },
    onCacheError: (operation, error) => {
      // Failed writes are counted together with all other operations: see meteredCache.
      if (operation === 'get' || operation === 'connection')
        count(1, { [ATTR_HANDOFF_CACHE_OPERATION]: operation, [ATTR_HANDOFF_CACHE_RESULT]: 'error' });
      const refusal = redisRefusal(error);
      const type = refusal?.word ?? redisErrorType(error);
      limit(`cache ${operation} ${type}`, (heldBack) =>
        log.warn(
          {
            [ATTR_EVENT_NAME]: storageEvents.cacheFailed.name,
            [ATTR_HANDOFF_CACHE_OPERATION]: operation,
            [ATTR_ERROR_TYPE]: type,
            heldBack,
          },
          refusal === undefined
            ? 'the cache failed; calls continue without it'
            : `the cache failed; calls continue without it. ${refusal.advice}`,
        ),
      );
    },
  };
}
