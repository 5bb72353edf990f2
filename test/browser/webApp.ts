import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { bundler } from '../integration/instrumentation/mcp/discovery/bundles.js';

/** What the page does, in the words of a web application: the official client, in both eras, and a plain `fetch`. */
const PAGE = `
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const { mcp, token } = Object.fromEntries(new URLSearchParams(location.search));

async function use(name, versionNegotiation) {
  const client = new Client({ name, version: '1.0.0' }, versionNegotiation === undefined ? {} : { versionNegotiation });
  await client.connect(new StreamableHTTPClientTransport(new URL(mcp), token === undefined ? {} : { requestInit: { headers: { authorization: 'Bearer ' + token } } }));
  const { tools } = await client.listTools();
  const called = await client.callTool({ name: 'register_session', arguments: { sessionKey: name, agentFrom: 'page' } });
  const { contents } = await client.readResource({ uri: 'handoff://summary/' + name });
  const version = client.getNegotiatedProtocolVersion();
  await client.close();
  return { tools: tools.map((tool) => tool.name), called: JSON.parse(called.content[0].text).success, read: JSON.parse(contents[0].text).sessionKey ?? contents[0].text, version };
}

const attempt = (work) => work.catch((error) => ({ failed: String(error) }));

const outcome = {
  origin: location.origin,
  handshake: await attempt(use('page-2025-' + Date.now())),
  modern: await attempt(use('page-2026-' + Date.now(), { mode: 'auto' })),
  status: await attempt(fetch(mcp, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).then(async (answer) => [answer.status, answer.headers.get('www-authenticate'), (await answer.json()).error.message])),
};
await fetch('/outcome', { method: 'POST', body: JSON.stringify(outcome) });
`;

export interface Use {
  readonly failed?: string;
  readonly tools?: readonly string[];
  readonly called?: boolean;
  readonly read?: string;
  readonly version?: string;
}

export interface Outcome {
  readonly origin: string;
  readonly handshake: Use;
  readonly modern: Use;
  readonly status: readonly [number, string | null, string] | { readonly failed: string };
}

export interface WebApp {
  readonly port: number;
  /** What the next page that is opened reports. */
  outcome(): Promise<Outcome>;
  close(): Promise<void>;
}

/** Serves a page that uses an MCP server and tells how that went. */
export async function startWebApp(): Promise<WebApp> {
  const { build } = await bundler();
  const plugin = {
    name: 'page',
    resolveId: (id: string) => (id === 'page' ? id : undefined),
    load: (id: string) => (id === 'page' ? PAGE : undefined),
  };
  const { output } = await build({
    input: 'page',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
    output: { format: 'esm', codeSplitting: false },
    plugins: [plugin],
  });
  const waiting: ((outcome: Outcome) => void)[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      void text(request).then((body) => {
        response.end();
        waiting.shift()?.(JSON.parse(body) as Outcome);
      });
    } else if (request.url === '/page.js') {
      response.setHeader('content-type', 'text/javascript').end(output[0].code);
    } else {
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><title>page</title><script type="module" src="/page.js"></script>');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    outcome: () => new Promise((resolve) => waiting.push(resolve)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
