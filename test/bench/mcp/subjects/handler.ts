import { McpServer, createMcpHandler } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { createFloor } from '../floor.js';
import { startOurs } from '../ours.js';
import { registerPipeline } from '../pipeline.js';
import { TEXT, TOOL, checkAnswer } from '../subject.js';
import type { Sink, Subject } from '../subject.js';
import { echo } from './pair.js';
import type { Tool } from './pair.js';

/** What `createMcpHandler` speaks by itself, one server a request. */
const PROTOCOL_VERSION = '2026-07-28';

const HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': PROTOCOL_VERSION,
  'mcp-method': 'tools/call',
  'mcp-name': TOOL,
};

const META = {
  'io.modelcontextprotocol/protocolVersion': PROTOCOL_VERSION,
  'io.modelcontextprotocol/clientInfo': { name: 'bench-client', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

export interface HandlerParts {
  readonly serve: (request: Request) => Promise<Response>;
  readonly sink?: Sink;
}

/** Calls a handler as its host would: a `Request` in, the whole `Response` read. */
export function openHandler({ serve, sink }: HandlerParts): Promise<Subject> {
  let id = 0;
  const call = async (): Promise<void> => {
    id += 1;
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: TOOL, arguments: { text: TEXT }, _meta: META },
    });
    const response = await serve(new Request('http://bench.invalid/mcp', { method: 'POST', headers: HEADERS, body }));
    const answer = (await response.json()) as { result?: unknown };
    checkAnswer(answer.result ?? answer);
  };
  return Promise.resolve({ call, close: async () => {}, ...(sink === undefined ? {} : { sink }) });
}

function bareServer(tool: Tool = echo): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  registerEcho(server, z, tool);
  return server;
}

/** @param zod of the folder that the server class is from. */
export function registerEcho(server: McpServer, zod: typeof z, tool: Tool = echo): void {
  server.registerTool(TOOL, { description: 'Says what it is told.', inputSchema: zod.object({ text: zod.string() }) }, (args, context) =>
    tool(args, context),
  );
}

export function openBare(): Promise<Subject> {
  const handler = createMcpHandler(() => bareServer());
  return openHandler({ serve: (request) => handler.fetch(request) });
}

export function openFloor(): Promise<Subject> {
  const sink = registerPipeline();
  const measured = createFloor(PROTOCOL_VERSION);
  const tool: Tool = (args, context) => measured(context.mcpReq.id, () => echo(args, context));
  const handler = createMcpHandler(() => bareServer(tool));
  return openHandler({ sink, serve: (request) => handler.fetch(request) });
}

export async function openOurs(): Promise<Subject> {
  const sink = registerPipeline();
  const ours = await startOurs({ discover: false });
  const handler = ours.instrumentHandler(createMcpHandler(() => ours.instrumentServer(bareServer())));
  return openHandler({ sink, serve: (request) => handler.fetch(request) });
}

/** As in memory: no SDK is registered. */
export async function openOursDisabled(): Promise<Subject> {
  process.env['OTEL_SDK_DISABLED'] = 'true';
  const ours = await startOurs({ discover: true });
  const handler = ours.instrumentHandler(createMcpHandler(() => ours.instrumentServer(bareServer())));
  return openHandler({ serve: (request) => handler.fetch(request) });
}
