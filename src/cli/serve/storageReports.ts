import type { CacheErrorListener } from '../../storage/cache.js';
import { metrics } from '../../telemetry/catalogue.js';
import { errorType } from '../../telemetry/errorType.js';
import { createInstrument } from '../../telemetry/instruments.js';
import type { OperationLog } from '../../telemetry/observe.js';
import { createRateLimit } from '../../telemetry/rateLimit.js';
import { ATTR_ERROR_TYPE, ATTR_EVENT_NAME, ATTR_HANDOFF_CACHE_OPERATION, ATTR_HANDOFF_CACHE_RESULT } from '../../telemetry/semconv.js';
import { systemClock } from '../../time/clock.js';
import type { Meter } from '@opentelemetry/api';

/** One line a minute and kind: an operator needs to know that Redis is away, not how often it was asked. */
const INTERVAL_MS = 60_000;

export interface StorageReports {
  readonly onConnectionLost: (error: Error) => void;
  readonly onCreating: () => void;
  readonly onCacheError: CacheErrorListener;
}

/** What absorbed storage failures become: a count and now and then a log line, never a failed call. */
export function storageReports(log: OperationLog, meter: Meter): StorageReports {
  const limit = createRateLimit(systemClock, INTERVAL_MS);
  const count = createInstrument(meter, metrics.cacheOperations);
  return {
    onConnectionLost: (error) =>
      limit('database', (heldBack) =>
        log.warn({ [ATTR_EVENT_NAME]: 'handoff.database.connection_lost', [ATTR_ERROR_TYPE]: errorType(error), heldBack }, 'an idle database connection broke; the pool opens another'),
      ),
    onCreating: () => {
      log.info({ [ATTR_EVENT_NAME]: 'handoff.embedded.creating' }, 'first start: the embedded database in HANDOFF_DATA_DIR is being made; calls are answered when it is ready, in some seconds');
    },
    onCacheError: (operation, error) => {
      count(1, { [ATTR_HANDOFF_CACHE_OPERATION]: operation, [ATTR_HANDOFF_CACHE_RESULT]: 'error' });
      limit(`cache ${operation}`, (heldBack) =>
        log.warn(
          { [ATTR_EVENT_NAME]: 'handoff.cache.failed', [ATTR_HANDOFF_CACHE_OPERATION]: operation, [ATTR_ERROR_TYPE]: errorType(error), heldBack },
          'the cache failed; calls go on without it',
        ),
      );
    },
  };
}
