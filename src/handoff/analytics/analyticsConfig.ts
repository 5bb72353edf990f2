/** All of it has defaults. */
export interface AnalyticsConfig {
  /** From one rollup to the next, in minutes: a whole number from 1 to 60 that divides 60. Default 1. */
  readonly aggregationInterval?: number;
  /** How many of the last days of a range trends are calculated from: a whole number from 1 to 365. Default 30. */
  readonly trendAnalysisWindow?: number;
  /**
   * 0 to 1: how many false alarms each series of the service may give in a week, from one in twenty weeks at 0 to five at 1. Default 0.5,
   * one in two weeks.
   */
  readonly anomalyDetectionSensitivity?: number;
  /** Address of Grafana, to which anomalies are linked. Default: no links. */
  readonly grafanaUrl?: string | undefined;
}

export const DEFAULT_ANALYTICS_CONFIG: Required<Omit<AnalyticsConfig, 'grafanaUrl'>> = {
  aggregationInterval: 1,
  trendAnalysisWindow: 30,
  anomalyDetectionSensitivity: 0.5,
};
