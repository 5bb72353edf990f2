import type { AnalyticsService } from '../analyticsService.js';
import { groupingsOf } from '../reports/options.js';
import type { Grouping, ReportQuery } from '../reports/options.js';

/** A question about a range of time. */
interface RangedType {
  /** What it tells, for those who choose. */
  readonly tells: string;
  /** What its answer can be grouped by. */
  readonly groupings: readonly Grouping[];
  answer(service: AnalyticsService, query: ReportQuery): Promise<object>;
}

/** A question about now, which takes no range. */
interface CurrentType {
  readonly tells: string;
  readonly groupings: readonly [];
  /** Its answer has one member with a list, the most important first. */
  now(service: AnalyticsService): Promise<object>;
}

/** Every type, by its name on the wire. A new one is a line here; the meaning of a name never changes. */
export const analyticsTypes = {
  sessions: {
    tells: 'sessions opened and ended; their length, entries and agents',
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
  anomalies: {
    tells: 'what is unusual in the figures of this service, now or recently; takes no range',
    groupings: [],
    now: async (service) => ({ anomalies: await service.detectAnomalies() }),
  },
  recommendations: {
    tells: 'what to change, with the evidence and how to check the effect; takes no range',
    groupings: [],
    now: async (service) => {
      const recommendations = await service.generateRecommendations();
      return { recommendations, unavailableFacts: recommendations.unavailableFacts };
    },
  },
} as const satisfies Record<string, RangedType | CurrentType>;

export type AnalyticsType = keyof typeof analyticsTypes;

/** Those whose answers are of a range of time. */
export type RangedAnalyticsType = {
  [Type in AnalyticsType]: (typeof analyticsTypes)[Type] extends RangedType ? Type : never;
}[AnalyticsType];

export function isRanged(type: AnalyticsType): type is RangedAnalyticsType {
  return 'answer' in analyticsTypes[type];
}

export const analyticsTypeNames = Object.keys(analyticsTypes) as readonly AnalyticsType[];

export function isAnalyticsType(name: string): name is AnalyticsType {
  return Object.hasOwn(analyticsTypes, name);
}
