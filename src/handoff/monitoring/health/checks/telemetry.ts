import { degraded, healthy } from '../finding.js';
import type { Finding, HealthCheck } from '../finding.js';

/** What became of the items of one signal so far. */
export interface DeliveryCounts {
  readonly delivered: number;
  readonly failed: number;
  /** Never tried. */
  readonly dropped?: number;
}

/** Where the telemetry of this process goes; `status()` of `instrument()` fits. */
export interface TelemetryStatus {
  /** `active`, `joined`, `disabled`, `failed` or `shut down`. */
  readonly state: string;
  readonly signals?: {
    readonly traces: { readonly counts?: DeliveryCounts };
    readonly logs: { readonly counts?: DeliveryCounts };
    readonly metrics: { readonly counts?: DeliveryCounts };
  };
}

const SIGNALS = ['traces', 'logs', 'metrics'] as const;

const NOT_STARTED = 'Telemetry could not be started: stderr of the process says why, at its start. Calls are answered all the same.';
const NOT_DELIVERED =
  'The collector takes no telemetry: check that it runs and that OTEL_EXPORTER_OTLP_ENDPOINT leads to it from here. Calls are answered all the same.';
const LOSING =
  'Part of the telemetry is lost on its way to the collector: look at the metrics of the telemetry itself by error.type (docs/metrics.md), and at the memory and the queue of the collector.';
const SLOW = 'The state of the telemetry could not be read in time: look whether the process is stalled.';

/** Looks whether telemetry arrives: what changed since the last look counts, and where nothing was sent the last finding stays. */
export function telemetryCheck(read: (() => TelemetryStatus) | undefined): HealthCheck {
  let before: Totals | undefined;
  let last: Finding | undefined;
  return {
    name: 'telemetry',
    isCritical: false,
    adviceWhenSlow: SLOW,
    run: async () => {
      const status = read?.();
      if (status === undefined) return healthy({}, 'not_measured');
      if (status.state === 'failed') return degraded('not_started', NOT_STARTED);
      if (status.state === 'disabled') return healthy({}, 'switched_off');
      const totals = totalsOf(status);
      if (totals === undefined) return healthy({}, 'not_measured');
      const lost = totals.lost - (before?.lost ?? 0);
      const delivered = totals.delivered - (before?.delivered ?? 0);
      before = totals;
      const measured = { deliveredItems: totals.delivered, lostItems: totals.lost };
      if (lost > 0) last = delivered > 0 ? degraded('losing', LOSING, measured) : degraded('not_delivered', NOT_DELIVERED, measured);
      else if (delivered > 0 || last === undefined) last = healthy(measured);
      return last;
    },
  };
}

interface Totals {
  readonly delivered: number;
  readonly lost: number;
}

function totalsOf({ signals }: TelemetryStatus): Totals | undefined {
  const counts = SIGNALS.flatMap((signal) => signals?.[signal].counts ?? []);
  if (counts.length === 0) return undefined;
  return {
    delivered: counts.reduce((sum, { delivered }) => sum + delivered, 0),
    lost: counts.reduce((sum, { failed, dropped = 0 }) => sum + failed + dropped, 0),
  };
}
