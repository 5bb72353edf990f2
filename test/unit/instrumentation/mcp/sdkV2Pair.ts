import { setImmediate } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport, McpServer, fromJsonSchema } from '@modelcontextprotocol/server';
import type { CallOptions, Pair } from './pair.js';

/** See `Pair`. */
export class SdkV2Pair implements Pair {
  readonly server = new McpServer({ name: 'fixture', version: '1.0.0' }, { capabilities: { logging: {}, tools: { listChanged: true } } });
  readonly client = new Client(
    { name: 'test-client', version: '1.0.0' },
    { capabilities: { sampling: {}, elicitation: {}, roots: { listChanged: true } } },
  );
  readonly hanging: Promise<void>;
  onSample: () => unknown = () => undefined;

  constructor() {
    const { server, client } = this;
    server.registerTool('echo', {}, () => ({ content: [{ type: 'text', text: 'secret text' }] }));
    server.registerTool('refuse', {}, () => ({ content: [{ type: 'text', text: 'secret refusal' }], isError: true }));
    server.registerTool('explode', {}, () => {
      throw new RangeError('secret explosion');
    });
    server.registerTool('progress', {}, async (ctx) => {
      const progressToken = ctx.mcpReq._meta?.progressToken ?? '';
      // The SDKs count total time in whole milliseconds: without any, a limit of less than one is never reached.
      await new Promise((resolve) => setTimeout(resolve, 5));
      await ctx.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress: 1 } });
      await setImmediate();
      return { content: [] };
    });
    this.hanging = new Promise((resolve) => {
      server.registerTool('hang', {}, () => {
        resolve();
        return new Promise(() => undefined);
      });
    });
    client.setRequestHandler('sampling/createMessage', async () => {
      await this.onSample();
      return { model: 'm', role: 'assistant' as const, content: { type: 'text' as const, text: 'secret answer' } };
    });
    client.setRequestHandler('elicitation/create', () => ({ action: 'accept' as const, content: { ok: true } }));
    client.setRequestHandler('roots/list', () => ({ roots: [] }));
  }

  async connect(): Promise<void> {
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    await this.server.connect(serverSide);
    await this.client.connect(clientSide);
  }

  call(name: string, options?: CallOptions): Promise<unknown> {
    return this.client.callTool({ name }, options);
  }

  ping(options?: CallOptions): Promise<unknown> {
    return this.client.ping(options);
  }

  listTools(): Promise<unknown> {
    return this.client.listTools();
  }

  askUnknown(): Promise<unknown> {
    return this.client.request({ method: 'made/up' }, fromJsonSchema({ type: 'object' }));
  }

  sample(options?: CallOptions): Promise<unknown> {
    return this.server.server.createMessage({ messages: [], maxTokens: 1 }, options);
  }

  elicit(): Promise<unknown> {
    return this.server.server.elicitInput({
      message: 'secret question',
      requestedSchema: { type: 'object', properties: { ok: { type: 'boolean' } } },
    });
  }

  roots(): Promise<unknown> {
    return this.server.server.listRoots();
  }

  pingClient(): Promise<unknown> {
    return this.server.server.ping();
  }

  tellServer(): Promise<void> {
    return this.client.sendRootsListChanged();
  }

  onTold(handler: () => unknown): void {
    this.server.server.setNotificationHandler('notifications/roots/list_changed', async () => {
      await handler();
    });
  }

  log(): Promise<void> {
    return this.server.server.sendLoggingMessage({ level: 'info', data: 'secret line' });
  }

  tellClient(): Promise<void> {
    return this.server.server.sendToolListChanged();
  }

  onClientTold(handler: () => unknown): void {
    this.client.setNotificationHandler('notifications/tools/list_changed', async () => {
      await handler();
    });
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
