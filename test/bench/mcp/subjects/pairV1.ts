import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { TEXT, TOOL, checkAnswer } from '../subject.js';
import type { Sink, Subject } from '../subject.js';

/** The parts of `@modelcontextprotocol/sdk` 1.x that a pair is made of. */
export interface SdkV1 {
  readonly McpServer: typeof McpServer;
  readonly Client: typeof Client;
  readonly InMemoryTransport: typeof InMemoryTransport;
  readonly z: typeof z;
}

export interface PairV1Hooks {
  readonly sink?: Sink;
  readonly wrapServer?: (server: McpServer) => McpServer;
  readonly tool?: ToolV1;
}

export type ToolV1 = (args: { text: string }, extra: { requestId: string | number }) => { content: [{ type: 'text'; text: string }] };

export const echoV1: ToolV1 = ({ text }) => ({ content: [{ type: 'text', text }] });

/** A client and a server of SDK v1 over the in-memory transport. Registers by `tool()`, the one way that every peer on v1 covers. */
export async function openPairV1(
  { wrapServer, tool = echoV1, sink }: PairV1Hooks,
  sdk: SdkV1 = { McpServer, Client, InMemoryTransport, z },
): Promise<Subject> {
  const [clientEnd, serverEnd] = sdk.InMemoryTransport.createLinkedPair();
  const bare = new sdk.McpServer({ name: 'bench', version: '1.0.0' });
  const server = wrapServer?.(bare) ?? bare;
  server.tool(TOOL, 'Says what it is told.', { text: sdk.z.string() }, (args, extra) => tool(args, extra));
  const client = new sdk.Client({ name: 'bench-client', version: '1.0.0' });
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
