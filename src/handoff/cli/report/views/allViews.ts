import type { AnalyticsService } from '../../../analytics/analyticsService.js';
import type { AnalyticsType, RangedAnalyticsType } from '../../../analytics/answers/analyticsTypes.js';
import type { ReportQuery } from '../../../analytics/reports/options.js';
import { anomaliesView } from './anomaliesView.js';
import { contextView } from './contextView.js';
import { handoffsView } from './handoffsView.js';
import { performanceView } from './performanceView.js';
import { recommendationsView } from './recommendationsView.js';
import { resourcesView } from './resourcesView.js';
import { sessionsView } from './sessionsView.js';
import type { ReportView } from './view.js';

/** How each type of a range is shown. */
export const rangedViews: Readonly<Record<RangedAnalyticsType, (service: AnalyticsService, query: ReportQuery) => Promise<ReportView>>> = {
  sessions: async (service, query) => sessionsView(await service.getSessionStatistics(query), query.groupBy),
  handoffs: async (service, query) => handoffsView(await service.getHandoffSuccessRates(query), query.groupBy),
  context: async (service, query) => contextView(await service.getContextGrowthPatterns(query), query.groupBy),
  performance: async (service, query) => performanceView(await service.getPerformanceTrends(query)),
  resources: async (service, query) => resourcesView(await service.getResourceUtilization(query)),
};

/** How each type of now is shown. */
export const currentViews: Readonly<
  Record<Exclude<AnalyticsType, RangedAnalyticsType>, (service: AnalyticsService) => Promise<ReportView>>
> = {
  anomalies: async (service) => anomaliesView(await service.detectAnomalies()),
  recommendations: async (service) => recommendationsView(await service.generateRecommendations()),
};
