/**
 * `handoff-otel/server`: the parts of the AI Handoff MCP server, for hosts that serve it themselves.
 * Needs the packages `@modelcontextprotocol/server` and, for HTTP, `@modelcontextprotocol/node`.
 *
 * @module handoff-otel/server
 */

export { handoffServerFactory } from './handoff/server/createHandoffServer.js';
export type { HandoffServerOptions } from './handoff/server/createHandoffServer.js';
export { serveHandoffHttp } from './handoff/server/http.js';
export type { HttpOptions } from './handoff/server/http.js';
export { serveHandoffStdio } from './handoff/server/stdio.js';
export type { StdioOptions, StdioServing } from './handoff/server/stdio.js';
