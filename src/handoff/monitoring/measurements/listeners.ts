import type { Meter } from '@opentelemetry/api';
import { SLOW_STATEMENT_MS, measurementMetrics } from '../../../telemetry/catalogue/measurements.js';
import { createInstrument } from '../../../telemetry/instruments.js';
import { ATTR_HANDOFF_STATEMENT_NAME } from '../../../telemetry/semconv.js';
import { activeTraceparent } from '../../../telemetry/traceparent.js';
import type { CacheTimer } from '../../storage/meteredCache.js';
import type { OnStatement } from '../../storage/meteredDatabase.js';
import type { EndedOperation } from '../../../telemetry/observe.js';
import type { Recorder } from './recorder.js';

/** Everything that is measured in this process comes by one of these three ways; nothing else times anything. */

export function operationsTo(recorder: Recorder): (operation: EndedOperation) => void {
  return (operation) => recorder.record({ subject: 'operation', ...operation, traceparent: activeTraceparent() });
}

/**
 * Counts the slow ones as a metric too, which says while it happens what the rows say afterwards.
 *
 * @param suspicions is told of every statement as well
 */
export function statementsTo(
  recorder: Recorder,
  meter: Meter,
  suspicions: { statementEnded(name: string, error: unknown, isExpected?: boolean): void },
): OnStatement {
  const countSlow = createInstrument(meter, measurementMetrics.slowStatements);
  return (name, durationMs, errorType, error, isExpected) => {
    suspicions.statementEnded(name, error, isExpected);
    recorder.record({ subject: 'statement', name, durationMs, errorType });
    if (durationMs > SLOW_STATEMENT_MS) countSlow(1, { [ATTR_HANDOFF_STATEMENT_NAME]: name });
  };
}

/** @param suspicions is told of every use that failed as well */
export function cacheUseTo(recorder: Recorder, suspicions: { cacheFailed(): void }): CacheTimer['onOperation'] {
  return (operation, result, durationMs) => {
    if (result === 'error') suspicions.cacheFailed();
    recorder.record({
      subject: 'cache',
      name: `cache.${operation}`,
      durationMs,
      errorType: result === 'error' ? 'cache_error' : undefined,
      ...(result === 'hit' || result === 'miss' ? { isHit: result === 'hit' } : {}),
    });
  };
}
