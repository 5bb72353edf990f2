/**
 * `handoff-otel`: OpenTelemetry for MCP servers, and the services of the AI Handoff MCP server.
 * Every name here is public; adding one is a decision (`test/contract/exports.test.ts` pins them).
 */

// For any MCP server: one call at start-up. Needs no database.
export { instrument } from './instrument.js';
export type { Instrumentation, InstrumentationStatus, InstrumentOptions } from './instrument.js';
export type { McpSetup } from './mcp/setUpMcp.js';
export type { McpMode, McpOptions } from './mcp/options.js';
export type { CaptureOptions } from './mcp/content/options.js';
export type { LibraryModules, LibraryOptions, LogTransport, PrometheusOptions } from './providers/settings/options.js';
export type { MetricsHandler } from './providers/prometheus/scrape.js';

// What `status()` is made of.
export type { LogsStatus, PrometheusStatus, SignalStatus, SignalsStatus } from './providers/status.js';
export type { BatchCounts } from './providers/batcher.js';
export type { PushCounts } from './providers/pushReader.js';
export type { OtlpProtocol } from './providers/settings/signals.js';
export type { LibraryStatus } from './providers/patching/libraryStatus.js';
export type { LibraryCopy } from './providers/patching/coverage.js';
export type { FoundSdk } from './mcp/discovery/types.js';

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
export { createHandoffServices } from './services.js';
export type { HandoffServices, HandoffServicesOptions } from './services.js';
export { createPostgresDatabase, fromPool } from './storage/postgres.js';
export { openEmbeddedDatabase } from './storage/embedded/openEmbeddedDatabase.js';
export { createMemoryCache } from './storage/memoryCache.js';
export { createRedisCache } from './storage/redisCache.js';
export { migrate } from './storage/migrate/migrate.js';
export type { Cache } from './storage/cache.js';
export type { Database, Queryable, Statement } from './storage/database.js';
export type { Sessions } from './lifecycle/sessions.js';

// Errors: each has a literal `code`, see docs/errors.md.
export { HandoffError } from './errors/handoffError.js';
export type { ErrorCode } from './errors/handoffError.js';
export { ConfigError } from './errors/configError.js';
export { MissingPeerError } from './errors/missingPeerError.js';
