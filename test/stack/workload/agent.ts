// An instrumented MCP client that does what its parent tells it, one message for each call, and answers with the trace of the call:
// `node --import handoff-otel/register agent.ts URL OTHER_URL`, with an IPC channel.
import { Client, ProtocolError, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { AgentCall, AgentReply } from './calls.js';

const [, , url = '', otherUrl = ''] = process.argv;
const tracer = trace.getTracer('stack-agent');
const MODERN = { versionNegotiation: { mode: 'auto' } } as const;

async function connect(address: string, options: ConstructorParameters<typeof Client>[1] = {}): Promise<Client> {
  const client = new Client({ name: 'stack-agent', version: '1.0.0' }, options);
  await client.connect(new StreamableHTTPClientTransport(new URL(address)));
  return client;
}

// Both generations of the protocol, in turns.
const clients = [await connect(url), await connect(url, MODERN)];
let turn = 0;

async function perform(client: Client, { method, target, args }: AgentCall): Promise<AgentReply['outcome']> {
  switch (method) {
    case 'tools/list':
      await client.listTools();
      return 'success';
    case 'resources/read':
      await client.readResource({ uri: target });
      return 'success';
    case 'tools/call': {
      const result = await client.callTool({ name: target, arguments: { ...args } });
      return result.isError === true ? 'tool_error' : 'success';
    }
    case 'visit':
      await visitTheOther();
      return 'success';
  }
}

/** A session, from beginning to end, and a subscription. */
async function visitTheOther(): Promise<void> {
  const transport = new StreamableHTTPClientTransport(new URL('/mcp', otherUrl));
  const client = new Client({ name: 'stack-agent', version: '1.0.0' });
  await client.connect(transport);
  await client.callTool({ name: 'roll' });
  await client.getPrompt({ name: 'greeting' });
  await transport.terminateSession();
  await client.close();
  const subscriber = await connect(new URL('/modern', otherUrl).href, MODERN);
  const subscription = await subscriber.listen({ toolsListChanged: true });
  await subscriber.callTool({ name: 'roll' });
  await subscription.close();
  await subscriber.close();
}

async function answer(call: AgentCall): Promise<AgentReply> {
  const client = clients[turn++ % clients.length];
  if (client === undefined) throw new Error('the agent has no client');
  return tracer.startActiveSpan(`task ${call.method}`, async (span) => {
    const { traceId } = span.spanContext();
    try {
      const outcome = await perform(client, call);
      return { id: call.id, traceId, outcome };
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      const outcome: AgentReply['outcome'] = error instanceof ProtocolError ? 'protocol_error' : 'failed';
      return { id: call.id, traceId, outcome, message: error instanceof Error ? error.message : String(error) };
    } finally {
      span.end();
    }
  });
}

process.on('message', (message: AgentCall | 'close') => {
  if (message !== 'close') {
    void answer(message).then((reply) => process.send?.(reply));
    return;
  }
  // Without the channel, nothing keeps the process alive, and it delivers its last telemetry as it ends.
  void Promise.all(clients.map((client) => client.close())).finally(() => process.disconnect());
});
process.send?.('ready');
