import { InMemoryTaskMessageQueue, InMemoryTaskStore } from '@modelcontextprotocol/sdk/experimental/tasks/stores/in-memory.js';
import { completable } from '@modelcontextprotocol/sdk/server/completable.js';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { McpError, SubscribeRequestSchema, UnsubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { ANNOUNCEMENTS, URIS } from './facade.js';
import type { HangGate } from './facade.js';

const text = (value: string): { content: { type: 'text'; text: string }[] } => ({ content: [{ type: 'text', text: value }] });

/** A server of SDK v1 that has everything the traffic table asks for. */
export function makeServerV1(gate: HangGate): { server: McpServer; close: () => void } {
  const taskStore = new InMemoryTaskStore();
  const server = new McpServer(
    { name: 'conventions-v1', version: '1.0.0' },
    {
      capabilities: {
        logging: {},
        tools: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        prompts: { listChanged: true },
        completions: {},
        tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
      },
      taskStore,
      taskMessageQueue: new InMemoryTaskMessageQueue(),
    },
  );
  registerTools(server, gate);
  registerTask(server);
  server.registerPrompt('greet', { argsSchema: { who: completable(z.string(), () => ['you']) } }, () => ({ messages: [] }));
  server.registerResource('note', URIS.note, {}, (uri) => ({ contents: [{ uri: uri.href, text: 'a' }] }));
  server.registerResource('broken', URIS.broken, {}, () => {
    throw new RangeError('cannot read it');
  });
  server.registerResource('failures', new ResourceTemplate('fail://{code}', { list: undefined }), {}, (_uri, { code }) => {
    throw new McpError(Number(code), 'asked to fail');
  });
  server.registerResource('notes', new ResourceTemplate('notes://{id}', { list: undefined }), {}, (uri) => ({
    contents: [{ uri: uri.href, text: 'a' }],
  }));
  server.server.setRequestHandler(SubscribeRequestSchema, () => ({}));
  server.server.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
  return {
    server,
    close: () => {
      taskStore.cleanup();
    },
  };
}

function registerTools(server: McpServer, gate: HangGate): void {
  server.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text: given }) => text(given));
  server.registerTool('refuse', {}, () => ({ ...text('no'), isError: true }));
  server.registerTool('explode', {}, () => {
    throw new RangeError('it blew up');
  });
  server.registerTool('hang', {}, (extra) => {
    gate.started++;
    return new Promise((resolve) => {
      extra.signal.addEventListener('abort', () => {
        resolve(text('stopped'));
      });
    });
  });
  server.registerTool('chatty', {}, async (extra) => {
    const progressToken = extra._meta?.progressToken;
    if (progressToken !== undefined)
      await extra.sendNotification({ method: 'notifications/progress', params: { progressToken, progress: 1 } });
    await extra.sendNotification({ method: 'notifications/message', params: { level: 'error', data: 'words' } });
    return text('done');
  });
  server.registerTool('announce', {}, async (extra) => {
    for (const notification of ANNOUNCEMENTS) await extra.sendNotification(notification);
    return text('done');
  });
}

function registerTask(server: McpServer): void {
  server.experimental.tasks.registerToolTask(
    'job',
    { execution: { taskSupport: 'required' } },
    {
      createTask: async (extra) => ({ task: await extra.taskStore.createTask({ ttl: 60_000 }) }),
      getTask: async (extra) => extra.taskStore.getTask(extra.taskId),
      getTaskResult: async (extra) => {
        const result = await extra.taskStore.getTaskResult(extra.taskId);
        return { ...text(''), ...result };
      },
    },
  );
}
