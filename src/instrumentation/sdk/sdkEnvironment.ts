import type { Env } from '../settings/env.js';
import type { TelemetrySettings } from '../settings/resolve.js';

/**
 * Returns the environment as it would be if all settings had come from OTEL_* variables, for the parts, of the SDK and others,
 * that read variables themselves. Without a configuration file it is the process's own.
 */
export function effectiveEnvironment(settings: TelemetrySettings, env: Env): Env {
  if (settings.configFile === undefined) return env;
  const others = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('OTEL_')));
  return { ...others, OTEL_METRICS_EXEMPLAR_FILTER: settings.exemplarFilter, ...logLimits(settings), ...logReceiver(settings) };
}

/** For the thread that may send log records. */
function logReceiver({ logs }: TelemetrySettings): Record<string, string> {
  const target = logs.outlets[0]?.target;
  if (target === undefined) return {};
  return {
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: target.url,
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: Object.entries(target.headers)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join(','),
    OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: target.compression,
    OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: String(target.timeoutMs),
  };
}

/** NodeSDK reads the limits of log records only from variables; it does not accept 0, and an unset one means no limit. */
function logLimits({ logLimits: limits }: TelemetrySettings): Record<string, string> {
  const { attributeCountLimit, attributeValueLengthLimit } = limits;
  return {
    OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: String(Math.max(1, attributeCountLimit)),
    ...(Number.isFinite(attributeValueLengthLimit)
      ? { OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: String(Math.max(1, attributeValueLengthLimit)) }
      : {}),
  };
}

/**
 * Runs `action` with the OTEL_* variables of `env` instead of the process's, which are restored afterwards. OTEL_LOG_LEVEL is
 * never among them: NodeSDK's constructor would replace our logger with its own, which writes to stdout.
 */
export function withEnvironment<T>(env: Env, action: () => T): T {
  const isOtel = ([name]: readonly [string, unknown]): boolean => name.startsWith('OTEL_');
  const saved = Object.entries(process.env).filter(isOtel);
  const wanted = Object.entries(env).filter((entry) => isOtel(entry) && entry[0] !== 'OTEL_LOG_LEVEL');
  for (const [name] of saved) delete process.env[name];
  for (const [name, value] of wanted) if (value !== undefined) process.env[name] = value;
  try {
    return action();
  } finally {
    for (const [name] of wanted) delete process.env[name];
    for (const [name, value] of saved) process.env[name] = value;
  }
}
