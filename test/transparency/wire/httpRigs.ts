import { StreamableHTTPClientTransport as HttpClientV2 } from '@modelcontextprotocol/client';
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport as HttpClientV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { clientV1 } from './clientV1.js';
import { clientV2 } from './clientV2.js';
import type { Era } from './fixtureClient.js';
import { host, recordingFetch } from './http.js';
import type { HttpHost } from './http.js';
import type { Recording } from './recording.js';
import { pushFrom, until } from './rig.js';
import type { BuildRig } from './rig.js';
import { serverV1 } from './serverV1.js';
import { serverV2 } from './serverV2.js';

/** The stream a client of a lasting session opens for what the server sends unasked. */
function standingStream(recording: Recording): () => Promise<void> {
  return () =>
    until('the standing stream', () => recording.exchanges.some(({ request, status }) => request.method === 'GET' && status !== 0));
}

const ready = (): Promise<void> => Promise.resolve();

export const sessionV1: BuildRig = async (recording, instruments, stage) => {
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => 'session-1' });
  const server = instruments.server(serverV1(recording, stage));
  await server.connect(transport);
  const http = await host((request, response) => transport.handleRequest(request, response));
  const client = clientV1(recording, new HttpClientV1(http.url, { fetch: recordingFetch(recording) }));
  instruments.client(client.client);
  return {
    era: 'legacy',
    client,
    stage,
    lasting: true,
    url: http.url,
    ready: standingStream(recording),
    push: () => pushFrom(server),
    stop: stopping(server, http),
  };
};

export const sessionV2: BuildRig = async (recording, instruments, stage) => {
  const transport = new NodeStreamableHTTPServerTransport({ sessionIdGenerator: () => 'session-1' });
  const server = instruments.server(serverV2(recording, stage));
  await server.connect(transport);
  const http = await host((request, response) => transport.handleRequest(request, response));
  const client = clientV2(recording, new HttpClientV2(http.url, { fetch: recordingFetch(recording) }), 'legacy');
  instruments.client(client.client);
  return {
    era: 'legacy',
    client,
    stage,
    lasting: true,
    url: http.url,
    ready: standingStream(recording),
    push: () => pushFrom(server),
    stop: stopping(server, http),
  };
};

export const statelessV1: BuildRig = async (recording, instruments, stage) => {
  const http = await host(async (request, response) => {
    const transport = new StreamableHTTPServerTransport({});
    await instruments.server(serverV1(recording, stage)).connect(transport);
    await transport.handleRequest(request, response);
  });
  const client = clientV1(recording, new HttpClientV1(http.url, { fetch: recordingFetch(recording) }));
  instruments.client(client.client);
  return { era: 'legacy', client, stage, lasting: false, url: http.url, ready, stop: () => http.close() };
};

export const eventsV1: BuildRig = async (recording, instruments, stage) => {
  const server = instruments.server(serverV1(recording, stage));
  let transport: SSEServerTransport | undefined;
  const http = await host(async (request, response) => {
    if (request.method === 'POST') return transport?.handlePostMessage(request, response);
    transport = new SSEServerTransport('/messages', response);
    return server.connect(transport);
  });
  const taped = recordingFetch(recording);
  const client = clientV1(recording, new SSEClientTransport(http.url, { fetch: taped, eventSourceInit: { fetch: taped } }));
  instruments.client(client.client);
  return { era: 'legacy', client, stage, lasting: true, ready, push: () => pushFrom(server), stop: stopping(server, http) };
};

export function handled(era: Era): BuildRig {
  return async (recording, instruments, stage) => {
    const make = instruments.factory(createMcpHandler);
    const handler = instruments.handler(
      make(() => instruments.server(serverV2(recording, stage)), { onerror: (error) => void recording.error('handler', error) }),
    );
    const node = toNodeHandler(handler);
    const http = await host((request, response) => node(request as Parameters<typeof node>[0], response));
    const client = clientV2(recording, new HttpClientV2(http.url, { fetch: recordingFetch(recording) }), era);
    instruments.client(client.client);
    const push = (): Promise<void> => {
      handler.notify.toolsChanged();
      handler.notify.resourceUpdated('note://one');
      handler.notify.resourceUpdated('note://other');
      return Promise.resolve();
    };
    const stop = async (): Promise<void> => {
      await handler.close();
      await http.close();
    };
    return { era, client, stage, lasting: false, url: http.url, ready, push, stop };
  };
}

function stopping(server: { close(): Promise<void> }, http: HttpHost): () => Promise<void> {
  return async () => {
    await server.close();
    await http.close();
  };
}
