import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport, McpServer, completable, inputRequired } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Subject } from '../subject.js';
import { Probe, fixtureTools, text, wrapEnds } from './stage.js';
import type { Message, Stage, StageOptions, TestClient } from './stage.js';

type Callback = (...given: readonly unknown[]) => never;

export const CAPABILITIES = { logging: {}, tools: { listChanged: true }, completions: {} };

/** SDK v2: a server with everything, and a client, in memory, protocol 2025-11-25. */
export async function openV2(subject: Subject, options: StageOptions): Promise<Stage> {
  const probe = new Probe();
  const bare = new McpServer({ name: 'fixture', version: '1.0.0' }, { capabilities: CAPABILITIES });
  const bareClient = new Client(
    { name: 'fixture-client', version: '1.0.0' },
    { capabilities: { sampling: {}, roots: { listChanged: true } } },
  );
  bareClient.setRequestHandler('sampling/createMessage', () => ({
    model: 'm',
    role: 'assistant' as const,
    content: { type: 'text' as const, text: 'a' },
  }));
  const { server, client } = wrapEnds(subject, options, bare, bareClient);
  registerV2(server, probe);
  const [clientEnd, serverEnd] = InMemoryTransport.createLinkedPair();
  const received: Message[] = [];
  // Set before the SDK connects: it calls this too, and first.
  serverEnd.onmessage = (message) => received.push(structuredClone(message) as Message);
  await server.connect(serverEnd);
  await client.connect(clientEnd);
  return {
    road: 'v2',
    probe,
    received,
    client: client as unknown as TestClient,
    request: (method, params, given) => client.request({ method, params: { ...params } }, z.looseObject({}), given),
    notify: (method, params) => client.notification({ method, ...(params === undefined ? {} : { params: { ...params } }) }),
    server: {
      sample: () => server.server.createMessage({ messages: [], maxTokens: 1 }),
      announce: () => server.server.sendToolListChanged(),
    },
    close: async () => {
      await client.close();
      await server.close();
    },
  };
}

/** Registers everything on a server of SDK v2, whichever copy it is from. */
export function registerV2(server: McpServer, probe: Probe): void {
  server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text: given }) => text(given));
  const inputSchema = z.object({ text: z.string().optional(), password: z.string().optional() });
  for (const [name, run] of Object.entries(fixtureTools(probe))) server.registerTool(name, { inputSchema }, run as Callback);
  server.registerTool('ask', {}, () =>
    inputRequired({
      inputRequests: { sure: inputRequired.elicit({ message: 'Sure?', requestedSchema: z.object({ sure: z.boolean() }) }) },
    }),
  );
  server.registerPrompt('greet', { argsSchema: z.object({ who: completable(z.string(), () => ['you']) }) }, () => ({ messages: [] }));
  server.registerResource('note', 'note://one', {}, (uri) => ({ contents: [{ uri: uri.href, text: 'a' }] }));
}
