import type { CacheTimer } from '../../storage/meteredCache.js';
import type { OnStatement } from '../../storage/meteredDatabase.js';
import type { EndedOperation } from '../../../telemetry/observe.js';
import type { Recorder } from './recorder.js';

/** Everything that is measured in this process comes by one of these three ways; nothing else times anything. */

export function operationsTo(recorder: Recorder): (operation: EndedOperation) => void {
  return (operation) => recorder.record({ subject: 'operation', ...operation });
}

/** @param refusals is told of every statement that failed as well */
export function statementsTo(recorder: Recorder, refusals: { note(error: unknown): void }): OnStatement {
  return (name, durationMs, errorType, error) => {
    if (error !== undefined) refusals.note(error);
    recorder.record({ subject: 'statement', name, durationMs, errorType });
  };
}

export function cacheUseTo(recorder: Recorder): CacheTimer['onOperation'] {
  return (operation, result, durationMs) =>
    recorder.record({
      subject: 'cache',
      name: `cache.${operation}`,
      durationMs,
      errorType: result === 'error' ? 'cache_error' : undefined,
      ...(result === 'hit' || result === 'miss' ? { isHit: result === 'hit' } : {}),
    });
}
