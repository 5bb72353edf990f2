/**
 * `handoff-otel/services`: storage and services, for hosts that build their own handoff server, and its structured logs.
 * Each optional package is loaded when it is first needed. Every name here is public; adding one is a deliberate decision.
 */

// Structured logs: one JSON line per record on stderr, and the named events of a handoff server.
export { createLogger } from './logging/logger.js';
export type { LoggerOptions } from './logging/logger.js';
export type { LevelControl, LogLevel, LogLevels } from './logging/levels.js';
export { createStructuredLogger } from './logging/structuredLogger.js';
export type { StructuredLoggerOptions } from './logging/structuredLogger.js';
export type {
  ErrorContext,
  HandoffContext,
  PerformanceMetric,
  ResourceUsage,
  StructuredLogger,
  SystemContext,
  ToolCallContext,
  WarningContext,
} from './logging/types.js';

// Storage and the services above it.
export { createHandoffServices } from './handoff/services.js';
export type { HandoffServices, HandoffServicesOptions } from './handoff/services.js';
export type { Degradation, Degradations } from './handoff/resilience/degradations.js';
export type { JobConfigChange } from './handoff/jobs/jobConfig.js';
export type { JobDefaults, JobDefinition, JobRun } from './handoff/jobs/jobDefinition.js';
export type { Jobs } from './handoff/jobs/jobs.js';
export type { JobsOptions } from './handoff/jobs/openJobs.js';
export type { JobConfig, JobResult, JobStats, JobStatus } from './handoff/jobs/jobStatus.js';
export { createPostgresDatabase, fromPool } from './handoff/storage/postgres.js';
export { openEmbeddedDatabase } from './handoff/storage/embedded/openEmbeddedDatabase.js';
export { createMemoryCache } from './handoff/storage/memoryCache.js';
export { createRedisCache } from './handoff/storage/redisCache.js';
export { createFileStore } from './handoff/archive/objects/fileStore.js';
export { createS3Store } from './handoff/archive/objects/s3Store.js';
export { migrate } from './handoff/storage/migrate/migrate.js';
export type { Archive } from './handoff/archive/archive.js';
export type { ObjectStore } from './handoff/archive/objects/objectStore.js';
export type { S3StoreOptions } from './handoff/archive/objects/s3Store.js';
export type { Cache } from './handoff/storage/cache.js';
export type { Database, Queryable, Statement } from './handoff/storage/database.js';
export type { Sessions } from './handoff/sessions/sessions.js';
export type { Lifecycle, Sweeps } from './handoff/lifecycle/lifecycle.js';
export type { SessionManagerService } from './handoff/lifecycle/sessionManager.js';
export type { SweepLimits, SweepOutcome } from './handoff/lifecycle/sweeps/sweep.js';
export type { HandoffMetrics, HealthStatus, ComponentHealth, PerformanceMetrics, SystemMetrics } from './handoff/monitoring/types.js';
export type { Monitoring } from './handoff/monitoring/monitoring.js';
export type { MonitoringChange, MonitoringConfig } from './handoff/monitoring/monitoringConfig.js';
export type { AlertConfig } from './handoff/monitoring/alerting.js';
export type { AlertThresholds } from './handoff/monitoring/thresholds/thresholds.js';
export type { AlertTargets } from './handoff/notification/notifier.js';
export type { MonitoringService } from './handoff/monitoring/monitoringService.js';
export type { Analytics } from './handoff/analytics/analytics.js';
export type { AnalyticsConfig } from './handoff/analytics/analyticsConfig.js';
export type { AnalyticsService } from './handoff/analytics/analyticsService.js';
export type { Anomaly } from './handoff/analytics/findings/anomaly.js';
export type { Recommendation, Recommendations } from './handoff/analytics/recommendations/recommendation.js';
export type { ReportQuery } from './handoff/analytics/reports/options.js';
export type { ContextStats, HandoffStats, PerformanceTrends, ResourceStats, SessionStats } from './handoff/analytics/reports/types.js';
export type { Retention } from './handoff/retention/retention.js';
export type { RetentionPolicy } from './handoff/retention/retentionPolicy.js';

// Errors and what is done about them.
export type { AlertSink, ErrorAlert } from './handoff/resilience/errors/alerts.js';
export type { ClassifyingErrorHandler, ErrorHandler, ErrorResponse } from './handoff/resilience/errors/errorHandler.js';
export { classifyError } from './errors/categories.js';
export type { ErrorCategory } from './errors/categories.js';

// Errors: each has a literal `code`; see docs/errors.md.
export { HandoffError } from './errors/handoffError.js';
export type { ErrorCode } from './errors/handoffError.js';
export { ConfigError } from './errors/configError.js';
export { MissingPeerError } from './errors/missingPeerError.js';
