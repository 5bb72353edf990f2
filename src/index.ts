/**
 * `handoff-otel`: OpenTelemetry for any MCP server, with one call at startup. It needs no database and none of the optional packages.
 * Every name here is public; adding one is a deliberate decision (`test/contract/exports.test.ts` pins them).
 *
 * @module handoff-otel
 */

export { instrument } from './instrumentation/instrument.js';
export type { Instrumentation } from './instrumentation/handle.js';
export type { InstrumentationStatus } from './instrumentation/status/instrumentationStatus.js';
export type { InstrumentOptions } from './instrumentation/options.js';
export type { McpSetup } from './instrumentation/mcp/setUpMcp.js';
export type { McpMode, McpOptions } from './instrumentation/mcp/options.js';
export type { CaptureOptions } from './instrumentation/mcp/content/options.js';
export type { LibraryModules, LibraryOptions, PrometheusOptions } from './instrumentation/settings/options.js';
export type { MetricsHandler } from './instrumentation/prometheus/scrape.js';

// The parts of what `status()` returns.
export type { PrometheusStatus, SignalStatus, SignalsStatus } from './instrumentation/status/signalsStatus.js';
export type { BatchCounts } from './instrumentation/pipeline/batchCounts.js';
export type { PushCounts } from './instrumentation/pipeline/pushReader.js';
export type { OtlpProtocol } from './instrumentation/settings/signals.js';
export type { LibraryStatus } from './instrumentation/libraries/libraryStatus.js';
export type { LibraryCopy } from './instrumentation/libraries/coverage.js';
export type { FoundSdk } from './instrumentation/mcp/discovery/types.js';
