// An MCP client. Its spans and the server's are one trace: the client sends the context of its span with each request.
//   node client.ts                          starts stdio-server.ts beside itself
//   node client.ts http://127.0.0.1:3000/   connects to http-server.ts
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { instrument } from 'handoff-otel';

// A program that runs for seconds is scraped by nobody.
const telemetry = instrument({ serviceName: 'dice-player', prometheus: { enabled: false } });

const url = process.argv[2];
const env = { ...process.env } as Record<string, string>;
const transport =
  url === undefined
    ? new StdioClientTransport({ command: process.execPath, args: [new URL('stdio-server.ts', import.meta.url).pathname], env })
    : new StreamableHTTPClientTransport(new URL(url));

const client = new Client({ name: 'dice-player', version: '1.0.0' });
await client.connect(transport);
const { content } = await client.callTool({ name: 'roll', arguments: { sides: 20 } });
process.stdout.write(`${JSON.stringify(content)}\n`);
await client.close();
await telemetry.shutdown();
