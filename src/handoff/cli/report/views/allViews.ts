import type { AnalyticsService } from '../../../analytics/analyticsService.js';
import type { AnalyticsType } from '../../../analytics/answers/analyticsTypes.js';
import type { ReportQuery } from '../../../analytics/reports/options.js';
import { contextView } from './contextView.js';
import { handoffsView } from './handoffsView.js';
import { performanceView } from './performanceView.js';
import { resourcesView } from './resourcesView.js';
import { sessionsView } from './sessionsView.js';
import type { ReportView } from './view.js';

/** How each type is shown. */
export const views: Readonly<Record<AnalyticsType, (service: AnalyticsService, query: ReportQuery) => Promise<ReportView>>> = {
  sessions: async (service, query) => sessionsView(await service.getSessionStatistics(query), query.groupBy),
  handoffs: async (service, query) => handoffsView(await service.getHandoffSuccessRates(query), query.groupBy),
  context: async (service, query) => contextView(await service.getContextGrowthPatterns(query), query.groupBy),
  performance: async (service, query) => performanceView(await service.getPerformanceTrends(query)),
  resources: async (service, query) => resourcesView(await service.getResourceUtilization(query)),
};
