import { McpServer, ProtocolError, ResourceTemplate, acceptedContent, completable, inputRequired } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { ANNOUNCEMENTS, URIS } from './facade.js';
import type { HangGate } from './facade.js';

const text = (value: string): { content: { type: 'text'; text: string }[] } => ({ content: [{ type: 'text', text: value }] });

/** A server of SDK v2 that has everything the traffic table asks for, in both of its eras. */
export function makeServerV2(gate: HangGate): McpServer {
  const server = new McpServer(
    { name: 'conventions-v2', version: '1.0.0' },
    {
      capabilities: {
        logging: {},
        tools: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        prompts: { listChanged: true },
        completions: {},
      },
    },
  );
  registerTools(server, gate);
  server.registerPrompt('greet', { argsSchema: z.object({ who: completable(z.string(), () => ['you']) }) }, () => ({ messages: [] }));
  server.registerResource('note', URIS.note, {}, (uri) => ({ contents: [{ uri: uri.href, text: 'a' }] }));
  server.registerResource('broken', URIS.broken, {}, () => {
    throw new RangeError('cannot read it');
  });
  server.registerResource('failures', new ResourceTemplate('fail://{code}', { list: undefined }), {}, (_uri, { code }) => {
    throw new ProtocolError(Number(code), 'asked to fail');
  });
  server.registerResource('notes', new ResourceTemplate('notes://{id}', { list: undefined }), {}, (uri) => ({
    contents: [{ uri: uri.href, text: 'a' }],
  }));
  server.server.setRequestHandler('resources/subscribe', () => ({}));
  server.server.setRequestHandler('resources/unsubscribe', () => ({}));
  return server;
}

function registerTools(server: McpServer, gate: HangGate): void {
  server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text: given }) => text(given));
  server.registerTool('refuse', {}, () => ({ ...text('no'), isError: true }));
  server.registerTool('explode', {}, () => {
    throw new RangeError('it blew up');
  });
  server.registerTool('hang', {}, (context) => {
    gate.started++;
    return new Promise((resolve) => {
      context.mcpReq.signal.addEventListener('abort', () => {
        resolve(text('stopped'));
      });
    });
  });
  server.registerTool('chatty', {}, async (context) => {
    const progressToken = context.mcpReq._meta?.progressToken;
    if (progressToken !== undefined)
      await context.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress: 1 } });
    await context.mcpReq.notify({ method: 'notifications/message', params: { level: 'error', data: 'words' } });
    return text('done');
  });
  server.registerTool('announce', {}, async (context) => {
    for (const notification of ANNOUNCEMENTS) await context.mcpReq.notify(notification);
    return text('done');
  });
  server.registerTool('ask', {}, (context) => {
    const schema = z.object({ sure: z.boolean() });
    if (acceptedContent(context.mcpReq.inputResponses, 'sure', schema)?.sure === true) return text('done');
    return inputRequired({ inputRequests: { sure: inputRequired.elicit({ message: 'Sure?', requestedSchema: schema }) } });
  });
}
