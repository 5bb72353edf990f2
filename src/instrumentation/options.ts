import type { McpSetup } from './mcp/setUpMcp.js';
import type { TelemetryOptions } from './settings/options.js';

/** What `instrument()` takes. Everything is optional; `OTEL_*` variables win over the defaults here, and over names. */
export interface InstrumentOptions extends TelemetryOptions {
  /** MCP servers and clients. */
  readonly mcp?: McpSetup;
}
