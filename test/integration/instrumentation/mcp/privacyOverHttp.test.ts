import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpHost } from '../../../unit/instrumentation/mcp/httpHost.js';
import { makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';
import { Ledger } from './faults/ledger.js';
import { secret, whereabouts } from './faults/whereabouts.js';

let ledger: Ledger;
let host: HttpHost;
beforeEach(() => {
  ledger = new Ledger();
  host = new HttpHost();
});
afterEach(async () => {
  await host.close();
  await ledger.dispose();
});

const HEADERS = {
  authorization: `Bearer ${secret('authorization')}`,
  cookie: `session=${secret('cookie')}`,
  'user-agent': secret('user agent'),
  baggage: `user=${secret('baggage')}`,
  'x-forwarded-for': secret('forwarded'),
};

async function call(url: URL, mode: 'legacy' | 'auto'): Promise<void> {
  const client = new Client({ name: 'http-client', version: '1' }, { versionNegotiation: { mode } });
  ledger.instrumentation().instrumentClient(client);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: HEADERS } }));
  host.closers.push(() => client.close());
  await client.listTools();
  await client.callTool({ name: 'echo', arguments: { text: secret('argument') } });
  await client.callTool({ name: 'explode' });
  await client.readResource({ uri: `note://${secret('uri')}` }).catch(() => undefined);
  await eventually(() => ledger.open.length === 0, 'all spans have ended');
}

const methods = (): readonly unknown[] => ledger.ended.map(({ attributes }) => attributes['mcp.method.name']);

describe('over HTTP', () => {
  it('headers stay in; a session id is on spans and never on metrics', async () => {
    const transport = new NodeStreamableHTTPServerTransport({ sessionIdGenerator: () => secret('session') });
    await ledger.instrumentation().instrumentServer(makeServer()).connect(transport);
    await call(await host.listen((request, response) => void transport.handleRequest(request, response)), 'legacy');
    expect(whereabouts(ledger.ended, await ledger.metrics())).toEqual(['session: span mcp.session.id', 'uri: span mcp.resource.uri']);
    expect(methods()).toEqual(expect.arrayContaining(['initialize', 'tools/list', 'tools/call', 'resources/read']));
  });

  it.each(['legacy', 'auto'] as const)('headers stay in without sessions, %s', async (mode) => {
    const { instrumentHandler, instrumentServer } = ledger.instrumentation();
    await call(await host.serve(instrumentHandler(createMcpHandler(() => instrumentServer(makeServer())))), mode);
    expect(whereabouts(ledger.ended, await ledger.metrics())).toEqual(['uri: span mcp.resource.uri']);
  });

  it('refused requests show nothing of what was wrong with them', async () => {
    const handler = ledger.instrumentation().instrumentHandler(createMcpHandler(makeServer));
    const send = (headers: Record<string, string>, body: string): Promise<Response> =>
      handler.fetch(new Request('http://127.0.0.1/mcp', { method: 'POST', headers: { ...HEADERS, ...headers }, body }));
    const message = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: secret('tool'), arguments: { a: secret('argument') } },
    });
    const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    for (const response of [
      await send({ 'content-type': secret('content type') }, message),
      await send({ ...json, 'mcp-protocol-version': secret('version') }, message),
      await send({ ...json, 'mcp-protocol-version': '2026-07-28', 'mcp-method': secret('method'), 'mcp-name': 'echo' }, message),
      await send(json, `{"broken": "${secret('body')}`),
    ]) {
      expect([response.status, await response.text()]).toEqual([expect.toSatisfy((status: number) => status >= 400), expect.any(String)]);
    }
    await eventually(() => ledger.ended.length >= 4 && ledger.open.length === 0, 'the refusals');
    expect(whereabouts(ledger.ended, await ledger.metrics())).toEqual([]);
    await handler.close();
  });
});
