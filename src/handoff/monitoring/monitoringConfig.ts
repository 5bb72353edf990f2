import { checkedNumbers } from '../config/checkedNumbers.js';
import type { AlertConfig } from './alerting.js';
import type { CheckSettings } from './health/allChecks.js';

/** All of it has defaults. */
export interface MonitoringConfig extends CheckSettings, AlertConfig {
  /** From one look at a healthy part to the next, in milliseconds, 1000 to 3,600,000; others are looked at every 5 s. Default 30,000. */
  readonly healthCheckInterval?: number;
  /** From one sample of what the process takes and measures to the next, in milliseconds, 1000 to 3,600,000. Default 60,000. */
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

const HEALTH_MS = 30_000;
const METRICS_MS = 60_000;
const MAX_DAY_MS = 86_400_000;
const INTERVAL = { min: 1000, max: 3_600_000, unit: 'milliseconds' } as const;
const DURATION = { min: 0, max: 3_600_000, unit: 'milliseconds' } as const;
const SHARE = { min: 0, max: 100, unit: 'percent' } as const;

/** @throws InvalidArgumentError for a number that cannot be used */
function checked(config: MonitoringConfig): MonitoringConfig {
  checkedNumbers(
    config,
    {
      healthCheckInterval: INTERVAL,
      metricsCollectionInterval: INTERVAL,
      healthCheckTimeout: { ...DURATION, min: 1 },
      alertHoldMs: { ...DURATION, max: MAX_DAY_MS },
      alertClearPercent: { ...SHARE, min: 1 },
      memoryCollectionInterval: { ...DURATION, max: MAX_DAY_MS },
    },
    'monitoring.',
  );
  checkedNumbers(
    config.alertThresholds ?? {},
    {
      responseTime: DURATION,
      errorRate: SHARE,
      memoryUsage: SHARE,
      diskUsage: SHARE,
      statementTime: DURATION,
      poolUsage: SHARE,
      eventLoopUsage: SHARE,
    },
    'monitoring.alertThresholds.',
  );
  return config;
}

/** The configuration as it is at the moment. */
export class LiveConfig {
  #value: MonitoringConfig;

  /** @throws InvalidArgumentError for a number that cannot be used */
  constructor(value: MonitoringConfig) {
    this.#value = checked(value);
  }

  get value(): MonitoringConfig {
    return this.#value;
  }

  get healthIntervalMs(): number {
    return this.#value.healthCheckInterval ?? HEALTH_MS;
  }

  get metricsIntervalMs(): number {
    return this.#value.metricsCollectionInterval ?? METRICS_MS;
  }

  /**
   * Takes other values for what is given, all of them or none, and returns which of the intervals are others now.
   *
   * @throws InvalidArgumentError as above
   */
  change(change: MonitoringChange): { readonly health: boolean; readonly metrics: boolean } {
    const { healthIntervalMs, metricsIntervalMs } = this;
    this.#value = checked({ ...this.#value, ...change });
    return { health: healthIntervalMs !== this.healthIntervalMs, metrics: metricsIntervalMs !== this.metricsIntervalMs };
  }
}
