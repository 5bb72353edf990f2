/**
 * `handoff-otel`: OpenTelemetry for MCP servers, and the services of the AI Handoff MCP server.
 * Every name here is public; adding one is a decision (`test/contract/exports.test.ts` pins them).
 *
 * @module handoff-otel
 */

// For any MCP server: one call at start-up. Needs no database.
export { instrument } from './instrumentation/instrument.js';
export type { Instrumentation } from './instrumentation/handle.js';
export type { InstrumentationStatus } from './instrumentation/status/instrumentationStatus.js';
export type { InstrumentOptions } from './instrumentation/options.js';
export type { McpSetup } from './instrumentation/mcp/setUpMcp.js';
export type { McpMode, McpOptions } from './instrumentation/mcp/options.js';
export type { CaptureOptions } from './instrumentation/mcp/content/options.js';
export type { LibraryModules, LibraryOptions, PrometheusOptions } from './instrumentation/settings/options.js';
export type { MetricsHandler } from './instrumentation/prometheus/scrape.js';

// What `status()` is made of.
export type { PrometheusStatus, SignalStatus, SignalsStatus } from './instrumentation/status/signalsStatus.js';
export type { BatchCounts } from './instrumentation/pipeline/batchCounts.js';
export type { PushCounts } from './instrumentation/pipeline/pushReader.js';
export type { OtlpProtocol } from './instrumentation/settings/signals.js';
export type { LibraryStatus } from './instrumentation/libraries/libraryStatus.js';
export type { LibraryCopy } from './instrumentation/libraries/coverage.js';
export type { FoundSdk } from './instrumentation/mcp/discovery/types.js';

// Structured logs: one JSON line a record on stderr, and the named events of a handoff server.
export { createLogger } from './logging/logger.js';
export type { LoggerOptions } from './logging/logger.js';
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

// For hosts that build a handoff server of their own: storage, services, server.
export { createHandoffServices } from './handoff/services.js';
export type { HandoffServices, HandoffServicesOptions } from './handoff/services.js';
export { createPostgresDatabase, fromPool } from './handoff/storage/postgres.js';
export { openEmbeddedDatabase } from './handoff/storage/embedded/openEmbeddedDatabase.js';
export { createMemoryCache } from './handoff/storage/memoryCache.js';
export { createRedisCache } from './handoff/storage/redisCache.js';
export { migrate } from './handoff/storage/migrate/migrate.js';
export type { Cache } from './handoff/storage/cache.js';
export type { Database, Queryable, Statement } from './handoff/storage/database.js';
export type { Sessions } from './handoff/sessions/sessions.js';

// Errors: each has a literal `code`, see docs/errors.md.
export { HandoffError } from './errors/handoffError.js';
export type { ErrorCode } from './errors/handoffError.js';
export { ConfigError } from './errors/configError.js';
export { MissingPeerError } from './errors/missingPeerError.js';
