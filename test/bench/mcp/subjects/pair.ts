import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { TEXT, TOOL, checkAnswer } from '../subject.js';
import type { Sink, Subject } from '../subject.js';

/** The parts of `@modelcontextprotocol/{server,client}` 2.x that a pair is made of; a peer brings the copies of its own folder. */
export interface Sdk {
  readonly McpServer: typeof McpServer;
  readonly Client: typeof Client;
  readonly InMemoryTransport: typeof InMemoryTransport;
  readonly z: typeof z;
}

/** What a variant does to the two ends before they are connected. Each may return a wrapper in place of what it was given. */
export interface PairHooks {
  readonly sink?: Sink;
  readonly wrapServer?: (server: McpServer) => McpServer;
  readonly wrapClient?: (client: Client) => Client;
  /** Replaces the tool: the floor measures inside it. */
  readonly tool?: Tool;
}

export type Tool = (args: { text: string }, context: { mcpReq: { id: string | number } }) => { content: [{ type: 'text'; text: string }] };

export const echo: Tool = ({ text }) => ({ content: [{ type: 'text', text }] });

/** A client and a server of SDK v2 over the in-memory transport, `initialize` done. */
export async function openPair(
  { wrapServer, wrapClient, tool = echo, sink }: PairHooks,
  sdk: Sdk = { McpServer, Client, InMemoryTransport, z },
): Promise<Subject> {
  const [clientEnd, serverEnd] = sdk.InMemoryTransport.createLinkedPair();
  const bare = new sdk.McpServer({ name: 'bench', version: '1.0.0' });
  const server = wrapServer?.(bare) ?? bare;
  server.registerTool(
    TOOL,
    { description: 'Says what it is told.', inputSchema: sdk.z.object({ text: sdk.z.string() }) },
    (args, context) => tool(args, context),
  );
  const bareClient = new sdk.Client({ name: 'bench-client', version: '1.0.0' });
  const client = wrapClient?.(bareClient) ?? bareClient;
  await server.connect(serverEnd);
  await client.connect(clientEnd);
  // As a client does; from then on it knows the tool by name.
  await client.listTools();
  return {
    call: async () => {
      checkAnswer(await client.callTool({ name: TOOL, arguments: { text: TEXT } }));
    },
    close: async () => {
      await client.close();
      await server.close();
    },
    ...(sink === undefined ? {} : { sink }),
  };
}
