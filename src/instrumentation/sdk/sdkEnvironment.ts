import type { Env } from '../settings/env.js';
import type { TelemetrySettings } from '../settings/resolve.js';

/**
 * The environment as it would be if everything decided had come by OTEL_* variables: for those parts, the SDK's and
 * others', that read variables themselves. Without a configuration file it is the process's own.
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

/** NodeSDK takes limits of log records from variables only; it takes no 0, and no number means none. */
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
 * Runs `action` with the OTEL_* of `env` in place of the process's, which are back afterwards. OTEL_LOG_LEVEL is never among
 * them: NodeSDK's constructor would put its stdout logger in place of ours.
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
