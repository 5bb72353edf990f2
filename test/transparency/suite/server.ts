import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NodeStreamableHTTPServerTransport, localhostHostValidation, localhostOriginValidation } from '@modelcontextprotocol/node';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { eventStore } from './eventStore.js';
import { createServerV1 } from './serverV1.js';
import { createServerV2 } from './serverV2.js';

// The server the suite judges: `server.ts v1|v2 [url of our built index.js]`. Names its address on stdout once it listens.
// With an index.js it calls instrument() and instrumentServer() itself; without one it knows nothing of telemetry.

interface Wire {
  readonly sessionId?: string | undefined;
  handleRequest(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

interface Ours {
  instrument(options: object): { instrumentServer<T>(server: T): T };
}

const [generation = 'v1', index] = process.argv.slice(2);
const wrap =
  index === undefined
    ? <T>(server: T): T => server
    : ((await import(index)) as Ours).instrument({ mcp: { discover: false } }).instrumentServer;

const RETRY_MS = 100;
const sessions = new Map<string, Wire>();
const isHost = localhostHostValidation();
const isOrigin = localhostOriginValidation();
let created = 0;

async function openSession(): Promise<Wire> {
  const options = {
    sessionIdGenerator: () => `session-${(created += 1)}`,
    eventStore: eventStore(),
    retryInterval: RETRY_MS,
    onsessioninitialized: (id: string): void => void sessions.set(id, wire),
  };
  let wire: Wire;
  if (generation === 'v1') {
    const transport = new StreamableHTTPServerTransport(options);
    wire = transport;
    // The class types its accessors wider than the interface it implements.
    await wrap(createServerV1()).connect(transport);
  } else {
    const transport = new NodeStreamableHTTPServerTransport(options);
    wire = transport;
    await wrap(createServerV2()).connect(transport);
  }
  return wire;
}

/**
 * The suite names an old version in the headers of sessions that agreed on a newer one, and both SDKs then send no events a
 * stream could be resumed from. Correcting it lets the stream that is closed before its answer be judged too.
 */
function correctVersion(request: IncomingMessage): void {
  const at = request.rawHeaders.findIndex((name) => name.toLowerCase() === 'mcp-protocol-version');
  if (request.rawHeaders[at + 1] === '2025-03-26') request.rawHeaders[at + 1] = request.headers['mcp-protocol-version'] = '2025-11-25';
}

const server = createServer((request, response) => {
  if (!isHost(request, response) || !isOrigin(request, response)) return;
  correctVersion(request);
  const id = request.headers['mcp-session-id'];
  const known = typeof id === 'string' ? sessions.get(id) : undefined;
  if (typeof id === 'string' && known === undefined) response.writeHead(404).end();
  else void (async () => (known ?? (await openSession())).handleRequest(request, response))();
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp\n`);
});
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close();
});
