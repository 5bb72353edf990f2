import type { Meter } from '@opentelemetry/api';
import { analyticsMetrics } from '../../telemetry/catalogue/analytics.js';
import { createInstrument } from '../../telemetry/instruments.js';
import type { Log } from '../../telemetry/log.js';
import type { Observe } from '../../telemetry/observe.js';
import type { Clock } from '../../time/clock.js';
import type { JobDefinition } from '../jobs/jobDefinition.js';
import type { Database, Queryable } from '../storage/database.js';
import { LiveAnalyticsConfig } from './analyticsConfig.js';
import type { AnalyticsConfig } from './analyticsConfig.js';
import type { AnalyticsService } from './analyticsService.js';
import { createRecommend } from './recommendations/recommend.js';
import type { Circumstances } from './recommendations/facts/sources.js';
import { answerTo } from './answers/answer.js';
import type { AnalyticsAnswer } from './answers/answer.js';
import type { AnalyticsType } from './answers/analyticsTypes.js';
import type { AnalyticsRequest } from './answers/request.js';
import { analyticsAnomalies } from './findings/analyticsAnomalies.js';
import type { AnomalyDependencies } from './findings/dependencies.js';
import { detect } from './findings/detect.js';
import type { DetectionLimits, DetectionOutcome } from './findings/detect.js';
import { listKept } from './findings/list.js';
import { anomalyRecorders } from './findings/recorders.js';
import { sessionStatistics } from './reports/sessionStatistics.js';
import { handoffSuccessRates } from './reports/handoffSuccessRates.js';
import { contextGrowthPatterns } from './reports/contextGrowth.js';
import { performanceTrends } from './reports/performanceTrends.js';
import { resourceUtilization } from './reports/resourceUtilization.js';
import { makeReport } from './reports/reports.js';
import type { ReportDependencies } from './reports/reports.js';
import { backfill } from './rollups/backfill.js';
import type { ArchiveToRead, BackfillProgress } from './rollups/backfill.js';
import { analyticsRollup } from './rollups/analyticsRollup.js';
import type { RollupDependencies } from './rollups/dependencies.js';
import { forgetErased } from './rollups/eraseHook.js';
import { prune } from './rollups/prune.js';
import { rebuild } from './rollups/rebuild.js';
import { rollUp } from './rollups/rollUp.js';
import type { RollUpLimits, RollUpOutcome } from './rollups/rollUp.js';
import { watchLag } from './watchLag.js';

export interface AnalyticsOptions {
  readonly database: Database;
  readonly observe: Observe;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly config: AnalyticsConfig;
  /** Address of Grafana, to which anomalies are linked. */
  readonly grafanaUrl: string | undefined;
  readonly archive: ArchiveToRead;
  /** What recommendations look at, besides the database. */
  readonly circumstances: Circumstances;
}

/** The service, and what its servers need of it. */
export interface Analytics extends AnalyticsService {
  /**
   * Answers a question as clients ask it, with what JSON can hold. Rejects with `TimeRangeError`, which names the values as the request
   * does.
   */
  answer(type: AnalyticsType, request: AnalyticsRequest): Promise<AnalyticsAnswer>;
  /** The jobs that keep rollups up to date and look for anomalies, for a job engine. */
  readonly jobs: readonly JobDefinition[];
  /** Adds up what is new. Any number of processes may do it at once. */
  rollUp(limits?: RollUpLimits): Promise<RollUpOutcome>;
  /** Judges what was rolled up. Any number of processes may do it at once. */
  findAnomalies(limits?: DetectionLimits): Promise<DetectionOutcome>;
  /** Counts sessions that were archived before rollups began; `rollUp` then makes their buckets anew. */
  backfill(onProgress?: (progress: BackfillProgress) => void): Promise<BackfillProgress>;
  /** Makes all buckets from one time to another anew. */
  rebuild(from: Date, to: Date, limits?: RollUpLimits): Promise<RollUpOutcome>;
  /** Deletes buckets whose time has passed; resolves with how many rows went. */
  prune(signal?: AbortSignal): Promise<number>;
  /** Makes everything that counts of a session be made anew without it; a hook of erasure. */
  forgetErased(q: Queryable, session: { readonly sessionId: string }): Promise<void>;
  /**
   * Takes other values from now on, for what is given. A new interval begins within 15 s, unless `update_job_config` has set another one.
   *
   * @throws InvalidArgumentError for a value that cannot be used; then nothing changes
   */
  reconfigure(change: AnalyticsConfig): void;
  /**
   * Measures how far rollups and detectors are behind and how many anomalies are open, at once and then every minute, until the signal is
   * aborted. Never rejects.
   */
  watchLag(signal: AbortSignal): Promise<void>;
}

export function createAnalytics({ meter, config, archive, log, grafanaUrl, circumstances, ...shared }: AnalyticsOptions): Analytics {
  const live = new LiveAnalyticsConfig(config);
  const deps: RollupDependencies = {
    ...shared,
    record: {
      duration: createInstrument(meter, analyticsMetrics.duration),
      rows: createInstrument(meter, analyticsMetrics.rows),
      lateRows: createInstrument(meter, analyticsMetrics.lateRows),
      lag: createInstrument(meter, analyticsMetrics.lag),
    },
  };
  const reports: ReportDependencies = {
    ...shared,
    recordQuery: createInstrument(meter, analyticsMetrics.queryDuration),
    trendDays: () => live.value.trendAnalysisWindow,
  };
  const anomalies: AnomalyDependencies = {
    ...shared,
    log,
    record: anomalyRecorders(meter),
    sensitivity: () => live.value.anomalyDetectionSensitivity,
    trendDays: () => live.value.trendAnalysisWindow,
    grafanaUrl,
  };
  const service: AnalyticsService = {
    getSessionStatistics: (timeRange) => makeReport(reports, 'sessions', timeRange, sessionStatistics),
    getHandoffSuccessRates: (timeRange) => makeReport(reports, 'handoffs', timeRange, handoffSuccessRates),
    getContextGrowthPatterns: (timeRange) => makeReport(reports, 'context', timeRange, contextGrowthPatterns),
    getPerformanceTrends: (timeRange) => makeReport(reports, 'performance', timeRange, performanceTrends),
    getResourceUtilization: (timeRange) => makeReport(reports, 'resources', timeRange, resourceUtilization),
    detectAnomalies: () => listKept(anomalies),
    generateRecommendations: createRecommend({
      ...shared,
      ...circumstances,
      countRecommendation: createInstrument(meter, analyticsMetrics.recommendations),
    }),
  };
  return {
    ...service,
    answer: (type, request) => answerTo(service, type, request, shared.clock.nowMs()),
    jobs: [analyticsRollup(deps, () => live.value.aggregationInterval), analyticsAnomalies(anomalies)],
    rollUp: (limits) => rollUp(deps, limits),
    findAnomalies: (limits) => detect(anomalies, limits),
    backfill: (onProgress) => backfill(deps, archive, onProgress),
    rebuild: (from, to, limits) => rebuild(deps, from, to, limits),
    prune: (signal) => prune(deps, signal),
    forgetErased,
    reconfigure: (change) => live.change(change),
    watchLag: (signal) => watchLag(deps, anomalies, signal),
  };
}
