import type { AnalyticsService } from '../analyticsService.js';
import { groupingsOf } from '../reports/options.js';
import type { Grouping, ReportQuery } from '../reports/options.js';

/** One kind of question that clients, tools and the command line can ask. */
interface AnalyticsTypeDefinition {
  /** What it tells, for those who choose. */
  readonly tells: string;
  /** What its answer can be grouped by. */
  readonly groupings: readonly Grouping[];
  answer(service: AnalyticsService, query: ReportQuery): Promise<object>;
}

/** Every type, by its name on the wire. A new one is a line here; the meaning of a name never changes. */
export const analyticsTypes = {
  sessions: {
    tells: 'sessions opened and ended, their length, entries and agents',
    groupings: groupingsOf.sessions,
    answer: (service, query) => service.getSessionStatistics(query),
  },
  handoffs: {
    tells: 'handoffs requested, accepted, rejected and timed out, by route',
    groupings: groupingsOf.handoffs,
    answer: (service, query) => service.getHandoffSuccessRates(query),
  },
  context: {
    tells: 'entries and their sizes, by type',
    groupings: groupingsOf.context,
    answer: (service, query) => service.getContextGrowthPatterns(query),
  },
  performance: {
    tells: 'calls, failures and durations of each operation, slow statements, the cache',
    groupings: groupingsOf.performance,
    answer: (service, query) => service.getPerformanceTrends(query),
  },
  resources: {
    tells: 'memory, CPU, disk, connections and sessions, as sampled',
    groupings: groupingsOf.resources,
    answer: (service, query) => service.getResourceUtilization(query),
  },
} as const satisfies Record<string, AnalyticsTypeDefinition>;

export type AnalyticsType = keyof typeof analyticsTypes;

export const analyticsTypeNames = Object.keys(analyticsTypes) as readonly AnalyticsType[];

export function isAnalyticsType(name: string): name is AnalyticsType {
  return Object.hasOwn(analyticsTypes, name);
}
