import { McpServer } from '@modelcontextprotocol/server';
import type { Sessions } from '../lifecycle/sessions.js';
import { agentSessionsResource } from './resources/agentSessionsResource.js';
import { contextResource } from './resources/contextResource.js';
import { prepareResource } from './resources/resourceDefinition.js';
import { sessionsResource } from './resources/sessionsResource.js';
import { summaryResource } from './resources/summaryResource.js';
import type { ArgumentLimits } from './tools/arguments.js';
import { registerSessionTool } from './tools/registerSessionTool.js';
import { requestHandoffTool } from './tools/requestHandoffTool.js';
import { prepareTool } from './tools/toolDefinition.js';
import { updateContextTool } from './tools/updateContextTool.js';

export interface HandoffServerOptions {
  readonly sessions: Sessions;
  readonly limits: ArgumentLimits;
  /** Version the server reports to clients. */
  readonly version: string;
}

const SERVER_NAME = 'ai-handoff-mcp';
/** The SDK would announce changes of the lists unless told that there are none. */
const CAPABILITIES = { tools: { listChanged: false }, resources: { listChanged: false } };

/**
 * Makes a factory of handoff MCP servers, each not yet connected. One instance serves one connection (stdio) or one
 * request (HTTP); schemas and templates are made here, once, and shared by all.
 */
export function handoffServerFactory({ sessions, limits, version }: HandoffServerOptions): () => McpServer {
  const parts = [
    prepareTool(registerSessionTool(sessions, limits)),
    prepareTool(updateContextTool(sessions, limits)),
    prepareTool(requestHandoffTool(sessions, limits)),
    prepareResource(sessionsResource(sessions)),
    prepareResource(contextResource(sessions)),
    prepareResource(summaryResource(sessions)),
    prepareResource(agentSessionsResource(sessions)),
  ];
  return () => {
    const server = new McpServer({ name: SERVER_NAME, version }, { capabilities: CAPABILITIES });
    for (const add of parts) add(server);
    return server;
  };
}
