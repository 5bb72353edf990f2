import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { completable } from '@modelcontextprotocol/sdk/server/completable.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { McpError, ResultSchema, SubscribeRequestSchema, UnsubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult, Notification, Request, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { Recording } from './recording.js';
import { tools } from './tools.js';
import type { Stage, Talk } from './tools.js';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

function talkOf(extra: Extra): Talk {
  return {
    signal: extra.signal,
    progressToken: extra._meta?.progressToken,
    answers: {},
    notify: (method, params) => extra.sendNotification({ method, params } as Notification as ServerNotification),
    request: (method, params) => extra.sendRequest({ method, params } as Request as ServerRequest, ResultSchema),
    needInput: () => ({}),
  };
}

/** A server of the first generation that writes down what reaches its handlers. */
export function serverV1(recording: Recording, stage: Stage): McpServer {
  const info = { name: 'wire-fixture', version: '1.0.0', title: 'Wire' };
  const server = new McpServer(info, {
    capabilities: { logging: {}, resources: { subscribe: true, listChanged: true }, experimental: { custom: {} } },
    instructions: 'Ask.',
  });
  for (const [name, { input, output, run }] of Object.entries(tools)) {
    const config = {
      description: name,
      ...(input === undefined ? {} : { inputSchema: input }),
      ...(output === undefined ? {} : { outputSchema: output }),
    };
    server.registerTool(name, config, async function (this: unknown, ...given: unknown[]) {
      recording.handler(`tool ${name}`, this, given);
      const extra = given.at(-1) as Extra;
      return (await run(input === undefined ? {} : (given[0] as Record<string, unknown>), talkOf(extra), stage)) as CallToolResult;
    });
  }
  registerPromptsAndResources(server, recording);
  registerLowLevel(server, recording);
  return server;
}

function registerPromptsAndResources(server: McpServer, recording: Recording): void {
  const greeted = completable(z.string(), (value) => ['Ada', 'Alan'].filter((name) => name.startsWith(value)));
  server.registerPrompt('greet', { description: 'Greets', argsSchema: { name: greeted } }, function (this: unknown, ...given: unknown[]) {
    recording.handler('prompt greet', this, given);
    return { messages: [{ role: 'user', content: { type: 'text', text: 'Hello' } }] };
  });
  server.registerPrompt('explode', {}, () => {
    throw new McpError(-32042, 'no prompt today', { until: 'tomorrow' });
  });
  server.registerResource('note', 'note://one', { mimeType: 'text/plain' }, function (this: unknown, ...given: unknown[]) {
    recording.handler('resource note', this, given);
    return { contents: [{ uri: 'note://one', text: 'first' }] };
  });
  server.registerResource(
    'notes',
    new ResourceTemplate('notes://{id}', { list: undefined, complete: { id: () => ['1', '2'] } }),
    {},
    function (this: unknown, ...given: unknown[]) {
      recording.handler('resource notes', this, given);
      return { contents: [{ uri: 'notes://7', text: 'seventh' }] };
    },
  );
}

function registerLowLevel(server: McpServer, recording: Recording): void {
  const low = server.server;
  const note = (what: string, answer: (params: Record<string, unknown> | undefined) => object) =>
    async function (this: unknown, ...given: unknown[]): Promise<object> {
      recording.handler(what, this, given);
      const [request] = given as [{ params?: Record<string, unknown> }];
      return answer(request.params);
    };
  low.setRequestHandler(
    SubscribeRequestSchema,
    note('subscribe', () => ({})),
  );
  low.setRequestHandler(
    UnsubscribeRequestSchema,
    note('unsubscribe', () => ({})),
  );
  low.setRequestHandler(
    z.object({ method: z.literal('custom/echo'), params: z.looseObject({}).optional() }),
    note('custom/echo', (params) => ({ given: params?.['value'] })),
  );
  low.setRequestHandler(
    z.object({ method: z.literal('custom/fail'), params: z.looseObject({}).optional() }),
    note('custom/fail', () => {
      throw Object.assign(new Error('custom failure'), { code: -32050, data: { retry: false } });
    }),
  );
  low.setNotificationHandler(
    z.object({ method: z.literal('notifications/custom'), params: z.looseObject({}).optional() }),
    async (...given: unknown[]) => {
      recording.handler('notifications/custom', undefined, given);
    },
  );
  low.oninitialized = () => {
    recording.handler('initialized', undefined, [low.getClientCapabilities(), low.getClientVersion()]);
  };
  low.onerror = (error) => {
    recording.error('server', error);
  };
}
