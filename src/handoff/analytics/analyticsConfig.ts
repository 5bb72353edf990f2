/** All of it has defaults. */
export interface AnalyticsConfig {
  /** From one rollup to the next, in minutes: a whole number from 1 to 60 that divides 60. Default 1. */
  readonly aggregationInterval?: number;
  /** How many of the last days of a range trends are calculated from: a whole number from 1 to 365. Default 30. */
  readonly trendAnalysisWindow?: number;
}

export const DEFAULT_ANALYTICS_CONFIG: Required<AnalyticsConfig> = { aggregationInterval: 1, trendAnalysisWindow: 30 };
