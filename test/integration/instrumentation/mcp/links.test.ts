import { SpanKind } from '@opentelemetry/api';
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport, McpServer, inputRequired } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTaskStore } from '@modelcontextprotocol/sdk/experimental/tasks/stores/in-memory.js';
import { InMemoryTransport as InMemoryTransportV1 } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { CallToolResultSchema, CreateTaskResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(async () => {
  await telemetry.dispose();
});

function links(span: { readonly links: readonly { readonly context: { readonly spanId: string } }[] } | undefined): string[] | undefined {
  return span?.links.map((link) => link.context.spanId);
}

describe('rounds of an input request', () => {
  async function askTwice(requestState: string | undefined): Promise<void> {
    const { instrumentClient, instrumentServer } = telemetry.instrumentation();
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    const running = serveStdio(
      () => {
        const server = new McpServer({ name: 'asking', version: '1' });
        server.registerTool('deploy', {}, (ctx) => {
          if (ctx.mcpReq.inputResponses !== undefined) return { content: [] };
          const confirm = inputRequired.elicit({
            message: 'sure?',
            requestedSchema: { type: 'object', properties: { ok: { type: 'boolean' } } },
          });
          return inputRequired({ inputRequests: { confirm }, ...(requestState === undefined ? {} : { requestState }) });
        });
        return instrumentServer(server);
      },
      { transport: serverSide },
    );
    const client = instrumentClient(
      new Client({ name: 'c', version: '1' }, { capabilities: { elicitation: {} }, versionNegotiation: { mode: 'auto' } }),
    );
    client.setRequestHandler('elicitation/create', () => ({ action: 'accept' as const, content: { ok: true } }));
    await client.connect(clientSide);
    await client.callTool({ name: 'deploy' });
    await client.close();
    await running.close();
    await eventually(
      () => telemetry.spans.filter((span) => span.attributes['mcp.method.name'] === 'tools/call').length === 4,
      'two rounds on both sides',
    );
  }

  const rounds = (kind: SpanKind): readonly ReturnType<TelemetryHarness['span']>[] =>
    telemetry.spans.filter((span) => span.kind === kind && span.attributes['mcp.method.name'] === 'tools/call');

  it('are neither success nor error, and the second is linked to the first', async () => {
    await askTwice('state-1');
    for (const kind of [SpanKind.CLIENT, SpanKind.SERVER]) {
      const [first, second] = rounds(kind);
      expect(first?.attributes).toMatchObject({ 'handoff.mcp.result.type': 'input_required' });
      expect(first?.attributes).not.toHaveProperty('error.type');
      expect(second?.attributes).toMatchObject({ 'handoff.mcp.result.type': 'complete' });
      expect(links(first)).toEqual([]);
      expect(links(second)).toEqual([first?.spanContext().spanId]);
    }
    const types = (await telemetry.points('tools/call')).map(({ attributes, count }) => [attributes['handoff.mcp.result.type'], count]);
    expect(types).toEqual(
      expect.arrayContaining([
        ['input_required', 1],
        ['complete', 1],
      ]),
    );
  });

  it('without a state are linked at the client only: a server cannot tell whose round it is', async () => {
    await askTwice(undefined);
    const [first, second] = rounds(SpanKind.CLIENT);
    expect(links(second)).toEqual([first?.spanContext().spanId]);
    expect(rounds(SpanKind.SERVER).map(links)).toEqual([[], []]);
  });
});

describe('tasks of SDK v1', () => {
  it('tell what the functions that make and ask for them throw', async () => {
    const server = new McpServerV1(
      { name: 'tasks', version: '1' },
      { capabilities: { tools: {}, tasks: { requests: { tools: { call: {} } } } }, taskStore: new InMemoryTaskStore() },
    );
    class Tasks {
      createTask(): never {
        throw new EvalError('secret');
      }

      getTask(): never {
        throw new RangeError('secret');
      }

      getTaskResult(): never {
        throw new RangeError('secret');
      }
    }
    const tasks = new Tasks();
    server.experimental.tasks.registerToolTask('long', { execution: { taskSupport: 'optional' } }, tasks);
    const client = new ClientV1({ name: 'c', version: '1' }, { capabilities: { tasks: {} } });
    const instrumentation = telemetry.instrumentation();
    const [clientSide, serverSide] = InMemoryTransportV1.createLinkedPair();
    await instrumentation.instrumentServer(server).connect(serverSide);
    await client.connect(clientSide);
    expect(await client.callTool({ name: 'long' })).toMatchObject({ isError: true });
    expect(telemetry.span('tools/call long').events).toMatchObject([{ attributes: { 'exception.type': 'EvalError' } }]);
    expect(Object.getOwnPropertyNames(tasks).sort()).toEqual(['createTask', 'getTask', 'getTaskResult']);
    instrumentation.disable();
    expect(Object.getOwnPropertyNames(tasks)).toEqual([]);
  });

  it('link what asks for them to the request that made them', async () => {
    const server = new McpServerV1(
      { name: 'tasks', version: '1' },
      {
        capabilities: { tools: {}, tasks: { requests: { tools: { call: {} } }, cancel: {}, list: {} } },
        taskStore: new InMemoryTaskStore(),
      },
    );
    server.experimental.tasks.registerToolTask(
      'long',
      { execution: { taskSupport: 'required' } },
      {
        createTask: async (extra) => {
          const task = await extra.taskStore.createTask({ ttl: 60_000 });
          await extra.taskStore.storeTaskResult(task.taskId, 'completed', { content: [] });
          return { task };
        },
        getTask: (extra) => extra.taskStore.getTask(extra.taskId),
        getTaskResult: async (extra) => CallToolResultSchema.parse(await extra.taskStore.getTaskResult(extra.taskId)),
      },
    );
    const client = new ClientV1({ name: 'c', version: '1' }, { capabilities: { tasks: {} } });
    const { instrumentClient, instrumentServer } = telemetry.instrumentation();
    const [clientSide, serverSide] = InMemoryTransportV1.createLinkedPair();
    await instrumentServer(server).connect(serverSide);
    await instrumentClient(client).connect(clientSide);
    const { task } = await client.request(
      { method: 'tools/call', params: { name: 'long', task: { ttl: 60_000 } } },
      CreateTaskResultSchema,
    );
    await client.experimental.tasks.getTask(task.taskId);
    await client.experimental.tasks.getTaskResult(task.taskId, CallToolResultSchema);
    await client.close();
    for (const kind of [SpanKind.CLIENT, SpanKind.SERVER]) {
      const made = telemetry.spans.find((span) => span.kind === kind && span.attributes['mcp.method.name'] === 'tools/call');
      for (const name of ['tasks/get', 'tasks/result']) expect(links(telemetry.span(name, kind))).toEqual([made?.spanContext().spanId]);
    }
  });
});
