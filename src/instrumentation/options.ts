import type { McpSetup } from './mcp/setUpMcp.js';
import type { TelemetryOptions } from './settings/options.js';

/** The options of `instrument()`. Everything is optional; `OTEL_*` variables take precedence over the defaults here, and over names. */
export interface InstrumentOptions extends TelemetryOptions {
  /** Settings for MCP servers and clients. */
  readonly mcp?: McpSetup;
}
