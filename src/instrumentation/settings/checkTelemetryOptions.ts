import type { Attributes } from '@opentelemetry/api';
import { boundedValue, newBudget } from '../../logging/boundedValue.js';
import { checkOptions, readableEntries } from './checkOptions.js';
import type { Kinds } from './checkOptions.js';
import type { Notify } from './env.js';
import type { TelemetryOptions, LibraryOptions, PrometheusOptions } from './options.js';

const PROMETHEUS: Kinds<PrometheusOptions> = { enabled: 'switch', listen: 'switch', port: 'number', host: 'text' };
const LIBRARIES: Kinds<LibraryOptions> = { pg: 'switch', ioredis: 'switch', pino: 'switch', runtime: 'switch' };
const KINDS: Kinds<TelemetryOptions> = {
  serviceName: 'text',
  serviceVersion: 'text',
  resourceAttributes: 'object',
  stdio: 'switch',
  prometheus: PROMETHEUS,
  flushTimeoutMs: 'number',
  exitHooks: 'switch',
  captureErrorMessages: 'switch',
  libraries: LIBRARIES,
  modules: 'object',
  flushOnProcessExit: 'switch',
  consoleToStderr: 'switch',
};

/** Returns copies of the usable options, so that the host's objects are not read again later. Never throws. */
export function checkTelemetryOptions(given: unknown, notify: Notify): TelemetryOptions {
  const { resourceAttributes, modules, ...options } = checkOptions<TelemetryOptions>(given, KINDS, notify, '', ['mcp']);
  return {
    ...options,
    ...(resourceAttributes === undefined ? {} : { resourceAttributes: usableAttributes(resourceAttributes, notify) }),
    ...(modules === undefined ? {} : { modules: Object.fromEntries(readableEntries(modules)) }),
  };
}

/** An attribute that cannot be encoded would be part of every export of every signal, and make them all fail. */
function usableAttributes(given: Attributes, notify: Notify): Attributes {
  const usable: Record<string, unknown> = {};
  for (const [name, value] of readableEntries(given)) {
    const kept = usableValue(value);
    if (kept !== undefined) usable[name] = kept;
    else if (value !== undefined)
      notify(`resourceAttributes: ${name.slice(0, 40)} must be a string, number, boolean or an array of these; it is left out.`);
  }
  return usable;
}

function usableValue(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'object') return undefined;
  try {
    return boundedValue(value, newBudget());
  } catch {
    return undefined;
  }
}
