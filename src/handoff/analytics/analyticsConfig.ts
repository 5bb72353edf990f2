import { InvalidArgumentError } from '../../errors/lifecycleErrors.js';
import { analyticsVariables } from '../../variables/monitoringVariables.js';

/** All of it has defaults, and can be changed while the services run. */
export interface AnalyticsConfig {
  /** From one rollup to the next, in minutes: a whole number from 1 to 60. Default 1. */
  readonly aggregationInterval?: number;
  /** How many of the last days of a range trends are calculated from: a whole number from 1 to 365. Default 30. */
  readonly trendAnalysisWindow?: number;
  /**
   * How many false alarms each series of the service may give: 0 to 1, from one in twenty weeks to five a week. Default 0.5, one in two
   * weeks.
   */
  readonly anomalyDetectionSensitivity?: number;
}

/** The variable of each value. It says what the value may be and what it is by default, for hosts too. */
export const variableOf = {
  aggregationInterval: 'HANDOFF_ANALYTICS_AGGREGATION_INTERVAL_MINUTES',
  trendAnalysisWindow: 'HANDOFF_ANALYTICS_TREND_WINDOW_DAYS',
  anomalyDetectionSensitivity: 'HANDOFF_ANALYTICS_ANOMALY_SENSITIVITY',
} as const satisfies Readonly<Record<keyof AnalyticsConfig, keyof typeof analyticsVariables>>;

const keys = Object.keys(variableOf) as (keyof AnalyticsConfig)[];

/** The configuration as it is at the moment. */
export class LiveAnalyticsConfig {
  #value: Required<AnalyticsConfig>;

  /** @throws InvalidArgumentError for a value that the table of variables does not allow */
  constructor(config: AnalyticsConfig) {
    this.#value = withChange(
      Object.fromEntries(keys.map((key) => [key, analyticsVariables[variableOf[key]].default])) as Required<AnalyticsConfig>,
      config,
    );
  }

  get value(): Required<AnalyticsConfig> {
    return this.#value;
  }

  /**
   * Takes other values for what is given, all of them or none.
   *
   * @throws InvalidArgumentError as above
   */
  change(change: AnalyticsConfig): void {
    this.#value = withChange(this.#value, change);
  }
}

function withChange(value: Required<AnalyticsConfig>, change: AnalyticsConfig): Required<AnalyticsConfig> {
  const next = { ...value };
  for (const key of keys) {
    const given = change[key];
    if (given === undefined) continue;
    const { allowed, parse } = analyticsVariables[variableOf[key]];
    if (typeof given !== 'number' || parse(String(given), () => undefined) === undefined)
      throw new InvalidArgumentError(`analytics.${key}`, allowed);
    next[key] = given;
  }
  return next;
}
