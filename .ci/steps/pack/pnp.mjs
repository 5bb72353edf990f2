// Under Yarn's Plug'n'Play there is no node_modules to search. The SDKs are imported before `instrument()` is called, since
// `import` is hoisted.
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server';
import { instrument } from 'handoff-otel';
import { startOtlpReceiver } from 'handoff-otel/testing';

const receiver = await startOtlpReceiver();
process.env.OTEL_EXPORTER_OTLP_ENDPOINT = receiver.url;
const telemetry = instrument({ serviceName: 'pnp-user', prometheus: { enabled: false } });
const server = new McpServer({ name: 'pnp', version: '1.0.0' });
server.registerTool('ping', { description: 'Answers.' }, () => ({ content: [{ type: 'text', text: 'pong' }] }));
const client = new Client({ name: 'pnp-client', version: '1.0.0' });
const [ours, theirs] = InMemoryTransport.createLinkedPair();
await server.connect(theirs);
await client.connect(ours);
await client.callTool({ name: 'ping', arguments: {} });
await client.close();
await telemetry.shutdown();
const found = telemetry
  .status()
  .mcpSdks.map((sdk) => sdk.package)
  .sort();
const kinds = receiver
  .spans()
  .filter(({ name }) => name === 'tools/call ping')
  .map(({ kind }) => kind)
  .sort();
await receiver.close();
if (JSON.stringify(kinds) !== '["CLIENT","SERVER"]')
  throw new Error(`The call has the spans ${JSON.stringify(kinds)}; the SDKs found are ${JSON.stringify(found)}.`);
