import { setTimeout as wait } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { instrument } from '../../../../src/index.js';

// An instrumented MCP client that uses everything a server can have, over and over:
// agent.ts <url of the tool server> <url of the handoff server>

instrument();
const [toolsUrl = '', handoffUrl = ''] = process.argv.slice(2);
const PAUSE_MS = 150;
const PER_SESSION = 5;
const SUBSCRIBED_MS = 100;

const quietly = (done: Promise<unknown>): Promise<unknown> => done.catch(() => undefined);

async function inSession(): Promise<void> {
  const transport = new StreamableHTTPClientTransport(new URL('/mcp', toolsUrl));
  const client = new Client({ name: 'agent', version: '1.0.0' });
  await client.connect(transport);
  for (let turn = 0; turn < PER_SESSION; turn += 1) {
    await client.callTool({ name: 'work' });
    await quietly(client.callTool({ name: 'query' }));
    await client.getPrompt({ name: 'greeting' });
    await client.readResource({ uri: 'live://readme' });
    await wait(PAUSE_MS);
  }
  await transport.terminateSession();
  await client.close();
}

async function subscribed(): Promise<void> {
  const client = new Client({ name: 'agent', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(new URL('/modern', toolsUrl)));
  const subscription = await client.listen({ toolsListChanged: true });
  await client.callTool({ name: 'work' });
  await wait(SUBSCRIBED_MS);
  await subscription.close();
  await client.close();
}

async function handingOff(): Promise<void> {
  const client = new Client({ name: 'agent', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(handoffUrl)));
  await quietly(client.readResource({ uri: 'handoff://sessions' }));
  await client.close();
}

for (;;) {
  // A server may be down or stopped: that is what is tested.
  for (const round of [inSession, subscribed, handingOff]) await quietly(round());
  await wait(PAUSE_MS);
}
