/**
 * `handoff-otel/mcp`: only the MCP telemetry, as one of the `instrumentations` of an OpenTelemetry setup that the host already has.
 * Every name here is public; adding one is a deliberate decision.
 */

export { McpInstrumentation } from './instrumentation/mcpInstrumentation.js';
export type { McpInstrumentationConfig } from './instrumentation/mcpInstrumentation.js';
export type { CaptureOptions } from './instrumentation/mcp/content/options.js';
export type { McpMode, McpOptions } from './instrumentation/mcp/options.js';
export type { McpSetup } from './instrumentation/mcp/setUpMcp.js';
