import type { AlertConfig } from './alerting.js';
import type { CheckSettings } from './health/allChecks.js';

/** All of it has defaults. */
export interface MonitoringConfig extends CheckSettings, AlertConfig {
  /** From one look at a part that is healthy to the next, in milliseconds, 1000 or more; others are looked at every 5 s. Default 30,000. */
  readonly healthCheckInterval?: number;
  /** From one sample of what the process takes and measures to the next, in milliseconds, 1000 or more. Default 60,000. */
  readonly metricsCollectionInterval?: number;
  /** Longest wait for one check, in milliseconds. Default 2000. */
  readonly healthCheckTimeout?: number;
  /**
   * Collects all metrics in the Prometheus text format, for `getPrometheusMetrics()`: at the start and then once in each interval. Figures
   * of the event loop are since the last collection, so where somebody scrapes too, let it return the text of the last scrape while that is
   * young. Default: nothing is collected.
   */
  readonly collectMetrics?: () => Promise<string>;
  /** Name of the service in alerts. Default `handoff`. */
  readonly serviceName?: string;
  /** Sizes of what the host keeps in memory, under names that end in their unit, for the memory report. Default: none. */
  readonly memoryParts?: () => Readonly<Record<string, number>>;
}

/** What of it can be changed while the services run. */
export type MonitoringChange = AlertConfig & Pick<MonitoringConfig, 'healthCheckInterval' | 'metricsCollectionInterval'>;

const LEAST_INTERVAL_MS = 1000;
const HEALTH_MS = 30_000;
const METRICS_MS = 60_000;

/** The configuration as it is at the moment. */
export class LiveConfig {
  #value: MonitoringConfig;

  constructor(value: MonitoringConfig) {
    this.#value = value;
  }

  get value(): MonitoringConfig {
    return this.#value;
  }

  get healthIntervalMs(): number {
    return Math.max(LEAST_INTERVAL_MS, this.#value.healthCheckInterval ?? HEALTH_MS);
  }

  get metricsIntervalMs(): number {
    return Math.max(LEAST_INTERVAL_MS, this.#value.metricsCollectionInterval ?? METRICS_MS);
  }

  /** Takes other values for what is given, and returns which of the intervals are others now. */
  change(change: MonitoringChange): { readonly health: boolean; readonly metrics: boolean } {
    const { healthIntervalMs, metricsIntervalMs } = this;
    this.#value = { ...this.#value, ...change };
    return { health: healthIntervalMs !== this.healthIntervalMs, metrics: metricsIntervalMs !== this.metricsIntervalMs };
  }
}
