import { McpServer, ResourceTemplate, completable, fromJsonSchema } from '@modelcontextprotocol/server';
import type { ReadResourceResult, ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { staticResources, templateBody } from './content.js';
import type { ResourceBody } from './content.js';
import { COMPLETABLE, completions, prompts } from './prompts.js';
import { tools } from './tools.js';
import type { Caller } from './tools.js';

type ElicitParameters = Parameters<ServerContext['mcpReq']['elicitInput']>[0];

/** The fixture on the second generation of the SDK. */
export function createServerV2(): McpServer {
  const server = new McpServer(
    { name: 'conformance-fixture', version: '1.0.0' },
    { capabilities: { logging: {}, resources: { subscribe: true } } },
  );
  for (const { name, inputSchema, run } of tools) {
    const schema = fromJsonSchema<Record<string, unknown>>(inputSchema);
    server.registerTool(name, { description: `Fixture ${name}`, inputSchema: schema }, async (args, ctx) => ({
      content: [...(await run(args, callerOf(ctx)))],
    }));
  }
  registerPrompts(server);
  registerResources(server);
  return server;
}

function callerOf({ mcpReq, http }: ServerContext): Caller {
  const progressToken = mcpReq._meta?.progressToken;
  return {
    log: (data) => mcpReq.log('info', data),
    progress: async (progress, total) => {
      if (progressToken !== undefined)
        await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total } });
    },
    sample: async (prompt) => {
      const { content } = await mcpReq.requestSampling({
        messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
        maxTokens: 100,
      });
      return 'text' in content ? content.text : 'not a text';
    },
    elicit: (message, requestedSchema) => mcpReq.elicitInput({ message, requestedSchema } as unknown as ElicitParameters),
    closeStream: () => http?.closeSSE?.(),
  };
}

function registerPrompts(server: McpServer): void {
  for (const { name, argumentNames, content } of prompts) {
    const argsSchema = z.object(
      Object.fromEntries(
        argumentNames.map((argument) => [argument, argument === COMPLETABLE ? completable(z.string(), completions) : z.string()]),
      ),
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
  server.server.setRequestHandler('resources/subscribe', ({ params }) => {
    watched.add(params.uri);
    return {};
  });
  server.server.setRequestHandler('resources/unsubscribe', ({ params }) => {
    watched.delete(params.uri);
    return {};
  });
}
