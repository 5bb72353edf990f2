import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { completable } from '@modelcontextprotocol/sdk/server/completable.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  CreateMessageResultSchema,
  ElicitResultSchema,
  ListToolsRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type {
  ElicitRequestFormParams,
  ReadResourceResult,
  ServerNotification,
  ServerRequest,
  Tool,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { staticResources, templateBody } from './content.js';
import type { ResourceBody } from './content.js';
import { COMPLETABLE, completions, prompts } from './prompts.js';
import { tools } from './tools.js';
import type { Caller } from './tools.js';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** The fixture on the first generation of the SDK. */
export function createServerV1(): McpServer {
  const server = new McpServer(
    { name: 'conformance-fixture', version: '1.0.0' },
    { capabilities: { logging: {}, resources: { subscribe: true } } },
  );
  for (const { name, run } of tools) {
    server.registerTool(name, { inputSchema: z.looseObject({}) }, async (args, extra) => ({
      content: [...(await run(args, callerOf(extra)))],
    }));
  }
  // This SDK derives schemas from Zod for the draft before 2020-12; a server that must say more lists its tools itself.
  const listed = tools.map(({ name, inputSchema }) => ({ name, description: `Fixture ${name}`, inputSchema }) as unknown as Tool);
  server.server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listed }));
  registerPrompts(server);
  registerResources(server);
  return server;
}

function callerOf(extra: Extra): Caller {
  const progressToken = extra._meta?.progressToken;
  return {
    log: (data) => extra.sendNotification({ method: 'notifications/message', params: { level: 'info', data } }),
    progress: async (progress, total) => {
      if (progressToken !== undefined)
        await extra.sendNotification({ method: 'notifications/progress', params: { progressToken, progress, total } });
    },
    sample: async (prompt) => {
      const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: prompt } }];
      const { content } = await extra.sendRequest(
        { method: 'sampling/createMessage', params: { messages, maxTokens: 100 } },
        CreateMessageResultSchema,
      );
      return content.type === 'text' ? content.text : content.type;
    },
    elicit: (message, requestedSchema) =>
      extra.sendRequest(
        { method: 'elicitation/create', params: { message, requestedSchema } as unknown as ElicitRequestFormParams },
        ElicitResultSchema,
      ),
    closeStream: () => extra.closeSSEStream?.(),
  };
}

function registerPrompts(server: McpServer): void {
  for (const { name, argumentNames, content } of prompts) {
    const argsSchema = Object.fromEntries(
      argumentNames.map((argument) => [argument, argument === COMPLETABLE ? completable(z.string(), completions) : z.string()]),
    );
    server.registerPrompt(name, { description: `Fixture ${name}`, argsSchema }, (args) => ({
      messages: content(args).map((part) => ({ role: 'user' as const, content: part })),
    }));
  }
}

function registerResources(server: McpServer): void {
  const contents = (body: ResourceBody): ReadResourceResult => ({ contents: [body as ReadResourceResult['contents'][number]] });
  for (const [name, body] of Object.entries(staticResources)) {
    server.registerResource(name, body.uri, { description: `Fixture ${name}`, mimeType: body.mimeType }, () => contents(body));
  }
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined });
  server.registerResource('template', template, { description: 'Fixture template', mimeType: 'application/json' }, (uri, { id }) =>
    contents(templateBody(uri.href, String(id))),
  );
  const watched = new Set<string>();
  server.server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    watched.add(params.uri);
    return {};
  });
  server.server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    watched.delete(params.uri);
    return {};
  });
}
