import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { McpServer } from '@modelcontextprotocol/server';
import { GatheringStdioTransport } from './gatheringStdio.js';
import type { ServingLog } from './servingLog.js';

export interface StdioOptions {
  /** Makes one server, instrumented as the host wants it. */
  readonly makeServer: () => McpServer;
  readonly log: ServingLog;
  /** The client's end; `process.stdin` in a real server. */
  readonly input: NodeJS.ReadableStream;
}

export interface StdioServing {
  /** Resolves when the client has closed its end. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/**
 * Serves MCP over this process's stdin and stdout, in both protocol eras. From here on stdout carries JSON-RPC and
 * nothing else: one foreign line there ends the client's session.
 */
export function serveHandoffStdio({ makeServer, log, input }: StdioOptions): StdioServing {
  const closed = new Promise<void>((resolve) => {
    input.once('end', resolve);
    input.once('close', resolve);
  });
  const handle = serveStdio(makeServer, {
    transport: new GatheringStdioTransport(process.stdin, process.stdout),
    onerror: (error) => log.warn({ 'event.name': 'handoff.mcp.protocol_error', err: error }, 'a message could not be handled'),
  });
  return { closed, close: () => handle.close() };
}
