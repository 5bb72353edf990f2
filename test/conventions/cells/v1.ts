import { randomUUID } from 'node:crypto';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { facadeOfV1, makeClientV1 } from '../traffic/clients.js';
import type { ClientFacade, ServerFacade } from '../traffic/facade.js';
import { makeServerV1 } from '../traffic/serverV1.js';
import { tapPipe, tapSend } from '../wire/tap.js';
import type { TappedPipe } from '../wire/tap.js';
import { tapFetch } from '../wire/tapFetch.js';
import type { Cell, CellDependencies, OpenCell } from './cell.js';
import { listen } from './http.js';
import { pipeServer } from './pipe.js';

const sdk = 'v1';

function facadeOfServer({ server }: McpServer): ServerFacade {
  return {
    request: (method, params, options) =>
      server.request({ method, params }, ResultSchema, options?.signal === undefined ? {} : { signal: options.signal }),
    notify: (method, params) => server.notification({ method, params }),
  };
}

async function connectClient({ client: instrumentation }: CellDependencies, transport: Transport): Promise<ClientFacade> {
  const client = instrumentation.instrumentClient(makeClientV1());
  await client.connect(transport);
  return facadeOfV1(client);
}

function newServer({ server: instrumentation, gate }: CellDependencies): ReturnType<typeof makeServerV1> {
  const made = makeServerV1(gate);
  instrumentation.instrumentServer(made.server);
  return made;
}

async function inMemory(dependencies: CellDependencies): Promise<OpenCell> {
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const { server, close } = newServer(dependencies);
  await server.connect(tapSend(serverSide, dependencies.log, 'server'));
  const client = await connectClient(dependencies, tapSend(clientSide, dependencies.log, 'client'));
  return { client, server: facadeOfServer(server), sessionId: () => undefined, close: async () => (await server.close(), close()) };
}

async function stdio(dependencies: CellDependencies): Promise<OpenCell> {
  const { server, close } = newServer(dependencies);
  let tapped: TappedPipe | undefined;
  const pipe = await pipeServer((socket) => {
    tapped = tapPipe(socket, dependencies.log);
    void server.connect(new StdioServerTransport(tapped.stdin, tapped.stdout));
  });
  const client = await connectClient(dependencies, new StdioClientTransport({ command: pipe.command, args: pipe.args }));
  return {
    client,
    server: facadeOfServer(server),
    break: () => tapped?.break(),
    sessionId: () => undefined,
    close: async () => (await server.close(), await pipe.close(), close()),
  };
}

async function httpStateful(dependencies: CellDependencies): Promise<OpenCell> {
  const { server, close } = newServer(dependencies);
  const serverSide = new StreamableHTTPServerTransport({ sessionIdGenerator: () => randomUUID() });
  await server.connect(serverSide);
  const http = await listen((request, response) => serverSide.handleRequest(request, response));
  const transport = new StreamableHTTPClientTransport(http.url, { fetch: tapFetch(dependencies.log) });
  const client = await connectClient(dependencies, transport);
  return {
    client,
    server: facadeOfServer(server),
    sessionId: () => transport.sessionId,
    address: http.address,
    close: async () => (await server.close(), await http.close(), close()),
  };
}

async function httpStateless(dependencies: CellDependencies): Promise<OpenCell> {
  const http = await listen(async (request, response) => {
    const { server, close } = newServer(dependencies);
    const serverSide = new StreamableHTTPServerTransport({});
    response.on('close', () => void server.close().then(close));
    await server.connect(serverSide);
    await serverSide.handleRequest(request, response);
  });
  const client = await connectClient(dependencies, new StreamableHTTPClientTransport(http.url, { fetch: tapFetch(dependencies.log) }));
  return { client, sessionId: () => undefined, address: http.address, close: () => http.close() };
}

async function legacySse(dependencies: CellDependencies): Promise<OpenCell> {
  const { server, close } = newServer(dependencies);
  let serverSide: SSEServerTransport | undefined;
  const http = await listen(async (request, response) => {
    if (request.method === 'POST') {
      await serverSide?.handlePostMessage(request, response);
      return;
    }
    serverSide = new SSEServerTransport('/mcp', response);
    await server.connect(serverSide);
  });
  const client = await connectClient(dependencies, new SSEClientTransport(http.url, { fetch: tapFetch(dependencies.log) }));
  return {
    client,
    server: facadeOfServer(server),
    sessionId: () => undefined,
    address: http.address,
    close: async () => (await server.close(), await http.close(), close()),
  };
}

const one = { client: 1, server: 1 };

export const cellsV1: readonly Cell[] = [
  { sdk, transport: 'in-memory', push: true, sessions: one, open: inMemory },
  { sdk, transport: 'stdio', table: 'stdio', push: true, sessions: one, open: stdio },
  { sdk, transport: 'http stateful', table: 'streamable-http', push: true, sessions: one, open: httpStateful },
  { sdk, transport: 'http stateless', table: 'streamable-http', push: false, sessions: { client: 1, server: 0 }, open: httpStateless },
  { sdk, transport: 'legacy SSE', table: 'http-sse', push: true, sessions: one, open: legacySse },
];
