import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { completable } from '@modelcontextprotocol/sdk/server/completable.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CreateMessageRequestSchema, ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { HOST_SPANS } from '../subject.js';
import type { Subject } from '../subject.js';
import { Probe, fixtureTools, text, wrapEnds } from './stage.js';
import type { Message, Stage, StageOptions, TestClient } from './stage.js';

/** SDK v1: a server with everything, and a client. */
export async function openV1(subject: Subject, options: StageOptions): Promise<Stage> {
  const probe = new Probe();
  const bare = new McpServer({ name: 'fixture', version: '1.0.0' }, { capabilities: { logging: {}, tools: { listChanged: true } } });
  const bareClient = new Client(
    { name: 'fixture-client', version: '1.0.0' },
    { capabilities: { sampling: {}, roots: { listChanged: true } } },
  );
  bareClient.setRequestHandler(CreateMessageRequestSchema, () => ({
    model: 'm',
    role: 'assistant' as const,
    content: { type: 'text' as const, text: 'a' },
  }));
  const { server, client } = wrapEnds(subject, options, bare, bareClient);
  register(server, probe, subject.registersBy);
  const { clientEnd, serverEnd, stop } = subject.overHttp === true ? await overHttp(subject) : inMemory();
  const received: Message[] = [];
  // Set before the SDK connects: it calls this too, and first.
  serverEnd.onmessage = (message) => received.push(structuredClone(message) as Message);
  await server.connect(serverEnd);
  await client.connect(clientEnd);
  return {
    road: 'v1',
    probe,
    received,
    client: client as unknown as TestClient,
    request: (method, params, given) => client.request({ method, params: { ...params } }, ResultSchema, given),
    notify: (method, params) => client.notification({ method, ...(params === undefined ? {} : { params: { ...params } }) }),
    server: {
      sample: () => server.server.createMessage({ messages: [], maxTokens: 1 }),
      announce: () => server.server.sendToolListChanged(),
    },
    close: async () => {
      await client.close();
      await server.close();
      stop();
    },
  };
}

type Callback = (...given: readonly unknown[]) => never;

function register(server: McpServer, probe: Probe, by: 'tool' | undefined): void {
  const add = (name: string, shape: Record<string, z.ZodType>, run: (...given: readonly unknown[]) => unknown): void => {
    if (by === 'tool') server.tool(name, shape, run as Callback);
    else server.registerTool(name, { inputSchema: shape }, run as Callback);
  };
  add('echo', { text: z.string() }, (given) => text((given as { text: string }).text));
  for (const [name, run] of Object.entries(fixtureTools(probe)))
    add(name, { text: z.string().optional(), password: z.string().optional() }, run);
  server.registerPrompt('greet', { argsSchema: { who: completable(z.string(), () => ['you']) } }, () => ({ messages: [] }));
  server.registerResource('note', 'note://one', {}, (uri) => ({ contents: [{ uri: uri.href, text: 'a' }] }));
}

interface Ends {
  readonly clientEnd: Transport;
  readonly serverEnd: Transport;
  stop(): void;
}

function inMemory(): Ends {
  const [clientEnd, serverEnd] = InMemoryTransport.createLinkedPair();
  return { clientEnd, serverEnd, stop: () => undefined };
}

async function overHttp(subject: Subject): Promise<Ends> {
  const serverEnd = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID });
  const http = createServer((request, response) => void subject.inSpan(HOST_SPANS.http, () => serverEnd.handleRequest(request, response)));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const clientEnd = new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`));
  const stop = (): void => {
    http.closeAllConnections();
    http.close();
  };
  return { clientEnd, serverEnd, stop };
}
