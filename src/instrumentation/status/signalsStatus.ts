import type { Resource } from '@opentelemetry/resources';
import type { BatchCounts } from '../pipeline/batchCounts.js';
import type { PrometheusEndpoint } from '../prometheus/endpoint.js';
import type { PushCounts } from '../pipeline/pushReader.js';
import type { OtlpProtocol, SignalSettings } from '../settings/signals.js';
import type { TelemetrySettings } from '../settings/resolve.js';

/** Where one signal is sent, and how much of it has been delivered. */
export interface SignalStatus<Counts> {
  readonly exporters: readonly ('otlp' | 'console')[];
  readonly protocol?: OtlpProtocol;
  /** URL without credentials; absent when the signal is not sent by OTLP. */
  readonly endpoint?: string;
  readonly counts?: Counts;
  /**
   * Why something was not delivered: how many spans, log records or exports of metrics, by `error.type` (an HTTP status, a system code;
   * `rejected` for what a receiver left out of a batch it took). Absent while everything was delivered.
   */
  readonly failures?: Readonly<Record<string, number>>;
}

export interface PrometheusStatus {
  readonly enabled: boolean;
  /** `http://host:port/metrics` when our own server listens. */
  readonly address?: string;
  /** Why it does not listen. */
  readonly problem?: string;
}

export interface SignalsStatus {
  /** `service.name` of everything sent. */
  readonly serviceName: string;
  readonly traces: SignalStatus<BatchCounts>;
  readonly logs: SignalStatus<BatchCounts>;
  readonly metrics: SignalStatus<PushCounts>;
  readonly prometheus: PrometheusStatus;
}

interface OutletView<Counts> {
  readonly endpoint?: string;
  counts(): Counts | undefined;
  failures?(): ReadonlyMap<string, number>;
}

export interface StatusSources {
  readonly settings: TelemetrySettings;
  readonly resource: Resource;
  readonly spans: OutletView<BatchCounts>;
  readonly records: OutletView<BatchCounts>;
  readonly points: OutletView<PushCounts>;
  readonly endpoint: PrometheusEndpoint | undefined;
}

export function signalsStatus({ settings, resource, spans, records, points, endpoint }: StatusSources): SignalsStatus {
  const address = endpoint?.address();
  const problem = endpoint?.problem();
  return {
    serviceName: serviceNameOf(resource),
    traces: signalStatus(settings.traces, spans),
    logs: signalStatus(settings.logs, records),
    metrics: signalStatus(settings.metrics, points),
    prometheus: {
      enabled: settings.prometheus.enabled,
      ...(address === undefined ? {} : { address }),
      ...(problem === undefined ? {} : { problem }),
    },
  };
}

/** Does not use `resource.attributes`: reading those before the host id is known makes the SDK complain. */
function serviceNameOf(resource: Resource): string {
  const [, name] = resource.getRawAttributes().find(([key]) => key === 'service.name') ?? [];
  return typeof name === 'string' ? name : '';
}

function signalStatus<Counts>(signal: SignalSettings, outlet: OutletView<Counts>): SignalStatus<Counts> {
  const counts = outlet.counts();
  const failures = [...(outlet.failures?.() ?? [])];
  return {
    exporters: [...(signal.otlp ? ['otlp' as const] : []), ...(signal.console ? ['console' as const] : [])],
    ...(outlet.endpoint === undefined ? {} : { endpoint: outlet.endpoint, protocol: signal.protocol }),
    ...(counts === undefined ? {} : { counts }),
    ...(failures.length === 0 ? {} : { failures: Object.fromEntries(failures) }),
  };
}
