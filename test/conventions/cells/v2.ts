import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import { InMemoryTransport, createMcpHandler } from '@modelcontextprotocol/server';
import type { McpServer, Transport } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';
import { facadeOfV2, makeClientV2 } from '../traffic/clients.js';
import type { ClientFacade, ServerFacade } from '../traffic/facade.js';
import { makeServerV2 } from '../traffic/serverV2.js';
import { tapPipe, tapSend } from '../wire/tap.js';
import type { TappedPipe } from '../wire/tap.js';
import { tapFetch } from '../wire/tapFetch.js';
import { isModern } from './cell.js';
import type { Cell, CellDependencies, OpenCell, Sdk } from './cell.js';
import { listen } from './http.js';
import { pipeServer } from './pipe.js';

type Open = (sdk: Sdk, dependencies: CellDependencies) => Promise<OpenCell>;

/** The SDK looks for its exact class before it starts a second child only to ask for the version; ours is asked in place. */
class OneChildTransport extends StdioClientTransport {}

function facadeOfServer({ server }: McpServer): ServerFacade {
  return {
    request: (method, params, options) =>
      server.request({ method, params }, z.looseObject({}), options?.signal === undefined ? {} : { signal: options.signal }),
    notify: (method, params) => server.notification({ method, params }),
  };
}

async function connectClient(sdk: Sdk, { client: instrumentation }: CellDependencies, transport: Transport): Promise<ClientFacade> {
  const client = instrumentation.instrumentClient(makeClientV2(isModern(sdk) ? '2026-07-28' : 'legacy'));
  await client.connect(transport);
  return facadeOfV2(client);
}

function newServer({ server: instrumentation, gate }: CellDependencies): McpServer {
  return instrumentation.instrumentServer(makeServerV2(gate));
}

/** `serveStdio` on any wire. It makes its server when the first message tells the era. */
function serveOn(wire: Transport, dependencies: CellDependencies): { server: () => McpServer | undefined; close: () => Promise<void> } {
  let made: McpServer | undefined;
  const transport = dependencies.server.instrumentTransport(wire);
  const running = serveStdio(() => (made = newServer(dependencies)), { transport });
  return { server: () => made, close: () => running.close() };
}

function publisherOf(server: () => McpServer | undefined): NonNullable<OpenCell['publish']> {
  return async (what) => {
    const low = server()?.server;
    if (typeof what === 'object') await low?.sendResourceUpdated({ uri: what.uri });
    else if (what === 'tools') await low?.sendToolListChanged();
    else if (what === 'prompts') await low?.sendPromptListChanged();
    else await low?.sendResourceListChanged();
  };
}

const inMemory: Open = async (sdk, dependencies) => {
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  tapSend(clientSide, dependencies.log, 'client');
  tapSend(serverSide, dependencies.log, 'server');
  if (isModern(sdk)) {
    // A server connected by hand speaks 2025-11-25 only; serveStdio() takes any wire.
    const { server, close } = serveOn(serverSide, dependencies);
    const client = await connectClient(sdk, dependencies, clientSide);
    return { client, publish: publisherOf(server), sessionId: () => undefined, close };
  }
  const server = newServer(dependencies);
  await server.connect(serverSide);
  const client = await connectClient(sdk, dependencies, clientSide);
  return { client, server: facadeOfServer(server), sessionId: () => undefined, close: () => server.close() };
};

const stdio: Open = async (sdk, dependencies) => {
  let tapped: TappedPipe | undefined;
  let served: ReturnType<typeof serveOn> | undefined;
  const legacy = isModern(sdk) ? undefined : newServer(dependencies);
  const pipe = await pipeServer((socket: Socket) => {
    tapped = tapPipe(socket, dependencies.log);
    const wire = new StdioServerTransport(tapped.stdin, tapped.stdout);
    if (legacy === undefined) served = serveOn(wire, dependencies);
    else void legacy.connect(wire);
  });
  const client = await connectClient(sdk, dependencies, new OneChildTransport({ command: pipe.command, args: pipe.args }));
  return {
    client,
    ...(legacy === undefined ? { publish: publisherOf(() => served?.server()) } : { server: facadeOfServer(legacy) }),
    break: () => tapped?.break(),
    sessionId: () => undefined,
    close: async () => {
      await (legacy ?? served)?.close();
      await pipe.close();
    },
  };
};

const httpStateful: Open = async (sdk, dependencies) => {
  const server = newServer(dependencies);
  const serverSide = new NodeStreamableHTTPServerTransport({ sessionIdGenerator: () => randomUUID() });
  await server.connect(serverSide);
  const http = await listen((request, response) => serverSide.handleRequest(request, response));
  const transport = new StreamableHTTPClientTransport(http.url, { fetch: tapFetch(dependencies.log) });
  const client = await connectClient(sdk, dependencies, transport);
  return {
    client,
    server: facadeOfServer(server),
    sessionId: () => transport.sessionId,
    address: http.address,
    close: async () => (await server.close(), http.close()),
  };
};

const httpStateless: Open = async (sdk, dependencies) => {
  const http = await listen(async (request, response) => {
    const server = newServer(dependencies);
    const serverSide = new NodeStreamableHTTPServerTransport({});
    response.on('close', () => void server.close());
    await server.connect(serverSide);
    await serverSide.handleRequest(request, response);
  });
  const client = await connectClient(sdk, dependencies, new StreamableHTTPClientTransport(http.url, { fetch: tapFetch(dependencies.log) }));
  return { client, sessionId: () => undefined, address: http.address, close: () => http.close() };
};

const handler: Open = async (sdk, dependencies) => {
  const served = dependencies.server.instrumentHandler(createMcpHandler(() => newServer(dependencies)));
  const node = toNodeHandler(served);
  const http = await listen((request, response) => node(request as Parameters<typeof node>[0], response));
  const client = await connectClient(sdk, dependencies, new StreamableHTTPClientTransport(http.url, { fetch: tapFetch(dependencies.log) }));
  const publish: OpenCell['publish'] = (what) => {
    if (typeof what === 'object') served.notify.resourceUpdated(what.uri);
    else served.notify[`${what}Changed`]();
  };
  return {
    client,
    ...(isModern(sdk) ? { publish } : {}),
    sessionId: () => undefined,
    address: http.address,
    close: async () => (await served.close(), http.close()),
  };
};

const one = { client: 1, server: 1 };
const legacySdk = 'v2 2025-11-25';
const modernSdk = 'v2 2026-07-28';
const http = { table: 'streamable-http' } as const;

export const cellsV2: readonly Cell[] = [
  { sdk: legacySdk, transport: 'in-memory', push: true, sessions: one, open: (each) => inMemory(legacySdk, each) },
  { sdk: legacySdk, transport: 'stdio', table: 'stdio', push: true, sessions: one, open: (each) => stdio(legacySdk, each) },
  { sdk: legacySdk, transport: 'http stateful', ...http, push: true, sessions: one, open: (each) => httpStateful(legacySdk, each) },
  {
    sdk: legacySdk,
    transport: 'http stateless',
    ...http,
    push: false,
    sessions: { client: 1, server: 0 },
    open: (each) => httpStateless(legacySdk, each),
  },
  {
    sdk: legacySdk,
    transport: 'createMcpHandler',
    ...http,
    push: false,
    sessions: { client: 1, server: 0 },
    open: (each) => handler(legacySdk, each),
  },
  { sdk: modernSdk, transport: 'in-memory', push: false, sessions: one, open: (each) => inMemory(modernSdk, each) },
  { sdk: modernSdk, transport: 'stdio', table: 'stdio', push: false, sessions: one, open: (each) => stdio(modernSdk, each) },
  {
    sdk: modernSdk,
    transport: 'createMcpHandler',
    ...http,
    push: false,
    sessions: { client: 0, server: 0 },
    open: (each) => handler(modernSdk, each),
  },
];
