/**
 * `handoff-otel/server`: the AI Handoff MCP server as parts, for hosts that serve it themselves.
 * Needs the packages `@modelcontextprotocol/server` and, for HTTP, `@modelcontextprotocol/node`.
 */

export { handoffServerFactory } from './server/createHandoffServer.js';
export type { HandoffServerOptions } from './server/createHandoffServer.js';
export { serveHandoffHttp } from './server/http.js';
export type { HttpOptions } from './server/http.js';
export { serveHandoffStdio } from './server/stdio.js';
export type { StdioOptions, StdioServing } from './server/stdio.js';
