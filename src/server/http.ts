import { hostHeaderValidation, originValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { McpServer } from '@modelcontextprotocol/server';
import { errorMessage } from '../errors/classify.js';
import { bearerGuard, bodySizeGuard, refuse } from './httpGuards.js';
import type { HttpGuard } from './httpGuards.js';
import { listen } from './listen.js';
import type { Listening } from './listen.js';
import type { ServingLog } from './servingLog.js';

export interface HttpOptions {
  readonly makeServer: () => McpServer;
  readonly log: ServingLog;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Names accepted in the Host header, without port. */
  readonly allowedHosts: readonly string[];
  /** Host names accepted in the Origin header; a request without one did not come from a browser. */
  readonly allowedOrigins: readonly string[];
  readonly maxBodyBytes: number;
  readonly bearerToken?: string;
  /** Given the handler before it serves, e.g. `instrument().instrumentHandler`, which sees what no server gets to see. Default: nothing. */
  readonly instrumentHandler?: (handler: object) => unknown;
}

const MCP_PATH = '/mcp';

/** Serves MCP over Streamable HTTP at `/mcp`, in both protocol eras; rejects when the address cannot be taken. */
export async function serveHandoffHttp(options: HttpOptions): Promise<Listening> {
  const handler = createMcpHandler(options.makeServer, {
    maxRequestBodySize: options.maxBodyBytes,
    onerror: (error) => options.log.warn({ 'event.name': 'handoff.mcp.protocol_error', err: error }, 'a message could not be handled'),
  });
  options.instrumentHandler?.(handler);
  const handle = toNodeHandler(handler);
  const guards: readonly HttpGuard[] = [
    hostHeaderValidation([...options.allowedHosts]),
    originValidation([...options.allowedOrigins]),
    ...(options.bearerToken === undefined ? [] : [bearerGuard(options.bearerToken)]),
    bodySizeGuard(options.maxBodyBytes),
  ];
  const listening = await listen(options.host, options.port, (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== MCP_PATH) {
      refuse(response, 404, `Nothing is here. MCP is served at ${MCP_PATH}.`);
      return;
    }
    if (!guards.every((guard) => guard(request, response))) return;
    // Node types absent headers as undefined, the adapter as missing; the values are the same.
    handle(request as Parameters<typeof handle>[0], response).catch((error: unknown) => {
      options.log.warn({ 'event.name': 'handoff.http.request_failed', err: error }, errorMessage(error));
      if (!response.headersSent) refuse(response, 500, 'The request failed inside.');
      else response.destroy();
    });
  });
  return {
    ...listening,
    url: `${listening.url}${MCP_PATH}`,
    close: async (drainMs) => {
      await listening.close(drainMs);
      await handler.close();
    },
  };
}
