import { logs } from '@opentelemetry/api';
import type { Logger, LoggerProvider } from '@opentelemetry/api';
import { SCOPE_NAME } from '../../../telemetry/scope.js';
import { isRecord } from '../../../values/guards.js';
import { replaceMethod } from '../../patching/replaceMethod.js';
import { delegateOf } from '../delegateOf.js';
import { createOwnLogger } from './ownLogger.js';
import type { OwnLoggerOptions } from './ownLogger.js';

/**
 * Has the registered provider of the SDK give loggers of our own for our own scope, as `useOwnTracers` does for tracers. Returns a function
 * that undoes it.
 */
export function useOwnLoggers(options: Omit<OwnLoggerOptions, 'scope' | 'sdkLogger' | 'countsRefused'>): () => void {
  const provider = delegateOf(logs.getLoggerProvider());
  if (!isProvider(provider)) return () => undefined;
  const { getLogger } = provider;
  const known = new Map<string, Logger>();
  return replaceMethod(provider, 'getLogger', (name, version, given) => {
    const sdkLogger = getLogger.call(provider, name, version, given);
    // Attributes of a scope are rare, and judged by the SDK.
    if (name !== SCOPE_NAME || given?.attributes !== undefined) return sdkLogger;
    const schemaUrl = given?.schemaUrl;
    const key = JSON.stringify([version, schemaUrl]);
    let logger = known.get(key);
    if (logger === undefined) {
      const scope = { name, ...(version === undefined ? {} : { version }), ...(schemaUrl === undefined ? {} : { schemaUrl }) };
      logger = createOwnLogger({ ...options, countsRefused: false, scope, sdkLogger });
      known.set(key, logger);
    }
    return logger;
  });
}

function isProvider(value: unknown): value is LoggerProvider {
  return isRecord(value) && 'getLogger' in value;
}
