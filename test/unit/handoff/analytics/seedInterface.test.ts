import { expectTypeOf, it } from 'vitest';
import type { AnalyticsService } from '../../../../src/handoff/analytics/analyticsService.js';
import type { Anomaly } from '../../../../src/handoff/analytics/findings/anomaly.js';
import type { Recommendation } from '../../../../src/handoff/analytics/recommendations/recommendation.js';
import type {
  ContextStats,
  HandoffStats,
  PerformanceTrends,
  ResourceStats,
  SessionStats,
} from '../../../../src/handoff/analytics/reports/types.js';
import type { HandoffServices } from '../../../../src/handoff/services.js';

interface TimeRange {
  start: Date;
  end: Date;
}

/** As it was designed. */
interface DesignedAnalytics {
  getSessionStatistics(timeRange: TimeRange): Promise<SessionStats>;
  getHandoffSuccessRates(timeRange: TimeRange): Promise<HandoffStats>;
  getContextGrowthPatterns(timeRange: TimeRange): Promise<ContextStats>;
  getPerformanceTrends(timeRange: TimeRange): Promise<PerformanceTrends>;
  getResourceUtilization(timeRange: TimeRange): Promise<ResourceStats>;
  detectAnomalies(): Promise<Anomaly[]>;
  generateRecommendations(): Promise<Recommendation[]>;
}

it('the analytics service is the designed one, name for name', () => {
  expectTypeOf<keyof AnalyticsService>().toEqualTypeOf<keyof DesignedAnalytics>();
  expectTypeOf<AnalyticsService>().toExtend<DesignedAnalytics>();
  expectTypeOf<HandoffServices['analytics']>().toExtend<DesignedAnalytics>();
});

it('what it returns has the designed figures, under names with their units', () => {
  expectTypeOf<SessionStats>().toExtend<{
    timeRange: TimeRange;
    totalSessions: number;
    activeSessions: number | null;
    completedSessions: number;
    expiredSessions: number;
    archivedSessions: number;
    averageSessionDurationSeconds: number | null;
    averageContextVolumeEntries: number | null;
    averageParticipantCount: number | null;
    sessionsByStatus: object;
    sessionsByAgent: Readonly<Record<string, number>>;
  }>();
  expectTypeOf<HandoffStats>().toExtend<{
    totalHandoffs: number;
    successfulHandoffs: number;
    failedHandoffs: number;
    successRatePercent: number | null;
    averageProcessingTimeMs: number | null;
    handoffsByRoute: object;
    failureReasons: object;
    handoffTrends: readonly object[];
  }>();
  expectTypeOf<ContextStats>().toExtend<{
    totalContextEntries: number;
    contentTypeDistribution: object;
    growthTrends: readonly object[];
    sizeTrends: readonly object[];
  }>();
  expectTypeOf<PerformanceTrends>().toExtend<{
    operationMetrics: object;
    databasePerformance: object;
    systemResourceTrends: readonly object[];
    slowOperations: readonly object[];
  }>();
  expectTypeOf<Anomaly>().toExtend<{ timestamp: Date; type: string; description: string; severity: 'low' | 'medium' | 'high' }>();
  expectTypeOf<ResourceStats>().toExtend<{ current: object; historical: readonly object[]; alerts: readonly object[] }>();
});
