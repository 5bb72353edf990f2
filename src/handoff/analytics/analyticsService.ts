import type { Anomaly } from './findings/anomaly.js';
import type { Recommendations } from './recommendations/recommendation.js';
import type { ReportQuery } from './reports/options.js';
import type { ContextStats, HandoffStats, PerformanceTrends, ResourceStats, SessionStats } from './reports/types.js';

/**
 * What happened in a range of time, from buckets that outlive their rows: sessions that were archived or purged still count, and those that
 * were erased do not. A range may also say how the answer is divided (`granularity`) and grouped (`groupBy`, `maxGroups`).
 *
 * Reports reject with `TimeRangeError` for a range that is reversed, too long or in the future, and for a question that a report cannot
 * answer.
 */
export interface AnalyticsService {
  getSessionStatistics(timeRange: ReportQuery): Promise<SessionStats>;
  getHandoffSuccessRates(timeRange: ReportQuery): Promise<HandoffStats>;
  getContextGrowthPatterns(timeRange: ReportQuery): Promise<ContextStats>;
  getPerformanceTrends(timeRange: ReportQuery): Promise<PerformanceTrends>;
  getResourceUtilization(timeRange: ReportQuery): Promise<ResourceStats>;
  /**
   * What was found unusual in the service's own series: everything that lasts, then what ended within the trend window, each the newest
   * first, and at most 500. It is found by the job `analytics-anomalies`; asking looks at nothing anew.
   */
  detectAnomalies(): Promise<Anomaly[]>;
  /**
   * What to change, with the figures that say so, and how to see whether it has helped; see docs/recommendations.md. Changes nothing by
   * itself. Of facts that cannot be had nothing is said, and `unavailableFacts` names them. Rejects when the database cannot be reached.
   */
  generateRecommendations(): Promise<Recommendations>;
}
