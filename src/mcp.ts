/**
 * `handoff-otel/mcp`: the MCP telemetry alone, as one of the `instrumentations` of an OpenTelemetry set-up that the host has already.
 * Every name here is public; adding one is a decision.
 */

export { McpInstrumentation } from './instrumentation/mcpInstrumentation.js';
export type { McpInstrumentationConfig } from './instrumentation/mcpInstrumentation.js';
export type { CaptureOptions } from './instrumentation/mcp/content/options.js';
export type { McpMode, McpOptions } from './instrumentation/mcp/options.js';
export type { McpSetup } from './instrumentation/mcp/setUpMcp.js';
