import type { BatchLimits } from './batchLimits.js';
import type { LogLimitSettings, SpanLimitSettings } from './limits.js';
import type { ExemplarFilter, PushSettings } from './metrics.js';
import type { OtlpTarget } from './otlpTarget.js';
import type { PrometheusRequest } from './prometheus.js';
import type { PropagatorName } from './propagators.js';
import type { ResourceSettings } from './resourceSettings.js';
import type { SamplerSettings } from './sampler.js';
import type { SignalSettings } from './signals.js';
import type { ViewSettings } from './views.js';

/** One OTLP destination for spans or log records. */
export interface BatchOutlet {
  readonly target: OtlpTarget;
  readonly batch: BatchLimits;
}

export interface TraceSettings extends SignalSettings {
  readonly outlets: readonly BatchOutlet[];
}

export interface LogSettings extends SignalSettings {
  readonly outlets: readonly BatchOutlet[];
}

export interface MetricSettings extends SignalSettings {
  readonly pushes: readonly PushSettings[];
}

/** OpenTelemetry's own settings, from OTEL_* variables or the file named by OTEL_CONFIG_FILE. */
export interface OtelSettings {
  readonly disabled: boolean;
  readonly traces: TraceSettings;
  readonly metrics: MetricSettings;
  readonly logs: LogSettings;
  readonly spanLimits: SpanLimitSettings;
  readonly logLimits: LogLimitSettings;
  readonly sampler: SamplerSettings;
  readonly propagators: readonly PropagatorName[];
  readonly resource: ResourceSettings;
  readonly views: readonly ViewSettings[];
  readonly exemplarFilter: ExemplarFilter;
  readonly prometheusRequest: PrometheusRequest;
  /** `none`, `error`, `warn`, `info`, `debug`, `verbose` or `all`. */
  readonly diagnosticsLevel: string | undefined;
}
