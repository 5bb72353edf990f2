import { exportTimeoutMs, logBatchLimits, spanBatchLimits } from './batchLimits.js';
import type { BatchLimits } from './batchLimits.js';
import { flagFromEnv, textFromEnv } from './env.js';
import type { Env, Notify } from './env.js';
import { logLimitsFromEnv, spanLimitsFromEnv } from './limits.js';
import { aggregationFromEnv, exemplarFilterFromEnv, intervalFromEnv, pushTimeoutFromEnv } from './metrics.js';
import type { BatchOutlet, MetricSettings, OtelSettings, TraceSettings } from './otelSettings.js';
import { otlpFromEnv } from './otlpFromEnv.js';
import type { OtlpTarget } from './otlpTarget.js';
import { prometheusFromEnv } from './prometheus.js';
import { propagatorsFromEnv } from './propagators.js';
import { resourceFromEnv } from './resourceSettings.js';
import { samplerFromEnv } from './sampler.js';
import { signalSettings } from './signals.js';
import type { Signal } from './signals.js';
import type { ReadFile } from './tlsMaterial.js';

export interface EnvironmentSource {
  readonly env: Env;
  readonly stdio: boolean;
  readonly readFile: ReadFile;
  readonly notify: Notify;
}

/** What OTEL_* variables say. */
export function settingsFromEnv(source: EnvironmentSource): OtelSettings {
  const { env, notify } = source;
  return {
    disabled: flagFromEnv(env, 'OTEL_SDK_DISABLED'),
    traces: batched(source, 'traces', spanBatchLimits(env, notify)),
    metrics: pushed(source),
    logs: batched(source, 'logs', logBatchLimits(env, notify)),
    spanLimits: spanLimitsFromEnv(env, notify),
    logLimits: logLimitsFromEnv(env, notify),
    sampler: samplerFromEnv(env, notify),
    propagators: propagatorsFromEnv(env, notify),
    resource: resourceFromEnv(env, notify),
    views: [],
    exemplarFilter: exemplarFilterFromEnv(env, notify),
    prometheusRequest: prometheusFromEnv(env, notify),
    diagnosticsLevel: levelFromEnv(env, notify),
  };
}

const LEVELS = ['none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'];

function levelFromEnv(env: Env, notify: Notify): string | undefined {
  const level = textFromEnv(env, 'OTEL_LOG_LEVEL')?.toLowerCase();
  if (level === undefined || LEVELS.includes(level)) return level;
  notify(`OTEL_LOG_LEVEL=${level.slice(0, 40)} is unknown; error is used. Allowed: ${LEVELS.join(', ')}.`);
  return undefined;
}

function batched(source: EnvironmentSource, signal: 'traces' | 'logs', batch: BatchLimits): TraceSettings {
  const { env, stdio, notify } = source;
  const settings = signalSettings(env, signal, stdio, notify);
  const outlet = (): BatchOutlet => ({ batch, target: target(source, signal, settings.protocol, exportTimeoutMs(env, signal, notify)) });
  return { ...settings, outlets: settings.otlp ? [outlet()] : [] };
}

function pushed(source: EnvironmentSource): MetricSettings {
  const { env, stdio, notify } = source;
  const settings = signalSettings(env, 'metrics', stdio, notify);
  const intervalMs = intervalFromEnv(env, notify);
  const push = { ...aggregationFromEnv(env, notify), intervalMs };
  const receiver = (): OtlpTarget => target(source, 'metrics', settings.protocol, pushTimeoutFromEnv(env, intervalMs, notify));
  return { ...settings, pushes: [...(settings.otlp ? [{ ...push, target: receiver() }] : []), ...(settings.console ? [push] : [])] };
}

/** Both bounds hold: that of the OTLP request with its retries, and that of the batch or the collection. */
function target(
  { env, readFile, notify }: EnvironmentSource,
  signal: Signal,
  protocol: OtlpTarget['protocol'],
  longestMs: number,
): OtlpTarget {
  const found = otlpFromEnv({ env, signal, protocol, readFile, notify });
  return { ...found, timeoutMs: Math.min(found.timeoutMs, longestMs) };
}
