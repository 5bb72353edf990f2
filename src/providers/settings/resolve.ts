import { logBatchLimits, spanBatchLimits } from './batchLimits.js';
import type { BatchLimits } from './batchLimits.js';
import { flagFromEnv, integerFromEnv, textFromEnv } from './env.js';
import type { Env } from './env.js';
import type { InstrumentOptions, LibraryOptions } from './options.js';
import { prometheusSettings } from './prometheus.js';
import type { PrometheusSettings } from './prometheus.js';
import { signalSettings } from './signals.js';
import type { SignalSettings } from './signals.js';

/** Everything `instrument()` decides before it starts anything. */
export interface TelemetrySettings {
  /** OTEL_SDK_DISABLED: nothing of the SDK may even be loaded. */
  readonly disabled: boolean;
  readonly stdio: boolean;
  readonly traces: SignalSettings;
  readonly metrics: SignalSettings;
  readonly logs: SignalSettings;
  readonly spanBatch: BatchLimits;
  readonly logBatch: BatchLimits;
  readonly metricIntervalMs: number;
  readonly prometheus: PrometheusSettings;
  readonly flushTimeoutMs: number;
  readonly exitHooks: boolean;
  readonly captureErrorMessages: boolean;
  readonly libraries: Required<LibraryOptions>;
  readonly diagnosticsLevel: string | undefined;
  /** Settings that were not taken as given, one sentence each. */
  readonly notices: readonly string[];
}

const MAX_FLUSH_TIMEOUT_MS = 60_000;

/** Pure: the same options and environment give the same settings. Unusable values are reported in `notices`, never thrown. */
export function resolveSettings(options: InstrumentOptions, env: Env): TelemetrySettings {
  const notices: string[] = [];
  const notify = (notice: string): void => {
    notices.push(notice);
  };
  const stdio = options.stdio ?? false;
  return {
    disabled: flagFromEnv(env, 'OTEL_SDK_DISABLED'),
    stdio,
    traces: signalSettings(env, 'traces', stdio, notify),
    metrics: signalSettings(env, 'metrics', stdio, notify),
    logs: signalSettings(env, 'logs', stdio, notify),
    spanBatch: spanBatchLimits(env, notify),
    logBatch: logBatchLimits(env, notify),
    metricIntervalMs: integerFromEnv(env, 'OTEL_METRIC_EXPORT_INTERVAL', { min: 1, max: 86_400_000 }, notify) ?? 60_000,
    prometheus: prometheusSettings(env, options.prometheus ?? {}, stdio, notify),
    flushTimeoutMs: flushTimeoutMs(options, env, notify),
    exitHooks: options.exitHooks ?? true,
    captureErrorMessages: options.captureErrorMessages ?? false,
    libraries: { pg: true, ioredis: true, pino: true, runtime: true, ...options.libraries },
    diagnosticsLevel: textFromEnv(env, 'OTEL_LOG_LEVEL'),
    notices,
  };
}

function flushTimeoutMs(options: InstrumentOptions, env: Env, notify: (notice: string) => void): number {
  const given = options.flushTimeoutMs ?? integerFromEnv(env, 'HANDOFF_FLUSH_TIMEOUT_MS', { min: 0, max: MAX_FLUSH_TIMEOUT_MS }, notify) ?? 2000;
  if (given >= 0 && given <= MAX_FLUSH_TIMEOUT_MS) return given;
  notify(`flushTimeoutMs ${given} is not from 0 to ${MAX_FLUSH_TIMEOUT_MS}; 2000 is used.`);
  return 2000;
}
