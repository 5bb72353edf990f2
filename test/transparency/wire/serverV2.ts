import { McpServer, ProtocolError, ResourceTemplate, completable, inputRequired } from '@modelcontextprotocol/server';
import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Recording } from './recording.js';
import { tools } from './tools.js';
import type { Stage, Talk } from './tools.js';

const anything = z.looseObject({});
const nameSchema = { type: 'object' as const, properties: { name: { type: 'string' as const } }, required: ['name'] };

function talkOf({ mcpReq }: ServerContext): Talk {
  return {
    signal: mcpReq.signal,
    progressToken: mcpReq._meta?.progressToken,
    answers: mcpReq.inputResponses,
    notify: (method, params) => mcpReq.notify({ method, params }),
    request: (method, params) => mcpReq.send({ method, params }, anything),
    needInput: () =>
      inputRequired({
        inputRequests: {
          who: inputRequired.elicit({ message: 'Who are you?', requestedSchema: nameSchema }),
          word: inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text: 'A word?' } }], maxTokens: 10 }),
          where: inputRequired.listRoots(),
        },
        requestState: 'round-1',
      }),
  };
}

/** A server of the second generation that writes down what reaches its handlers. Serves both eras. */
export function serverV2(recording: Recording, stage: Stage): McpServer {
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
      const ctx = given.at(-1) as ServerContext;
      return (await run(input === undefined ? {} : (given[0] as Record<string, unknown>), talkOf(ctx), stage)) as CallToolResult;
    });
  }
  registerPromptsAndResources(server, recording);
  registerLowLevel(server, recording);
  return server;
}

function registerPromptsAndResources(server: McpServer, recording: Recording): void {
  const greeted = completable(z.string(), (value) => ['Ada', 'Alan'].filter((name) => name.startsWith(value)));
  server.registerPrompt(
    'greet',
    { description: 'Greets', argsSchema: z.object({ name: greeted }) },
    function (this: unknown, ...given: unknown[]) {
      recording.handler('prompt greet', this, given);
      return { messages: [{ role: 'user', content: { type: 'text', text: 'Hello' } }] };
    },
  );
  server.registerPrompt('explode', {}, () => {
    throw new ProtocolError(-32042, 'no prompt today', { until: 'tomorrow' });
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
  const note = <Result extends object>(what: string, answer: (params: Record<string, unknown>) => Result) =>
    async function (this: unknown, ...given: unknown[]): Promise<Result> {
      recording.handler(what, this, given);
      return answer(given[0] as Record<string, unknown>);
    };
  low.setRequestHandler(
    'resources/subscribe',
    note('subscribe', () => ({})),
  );
  low.setRequestHandler(
    'resources/unsubscribe',
    note('unsubscribe', () => ({})),
  );
  low.setRequestHandler(
    'custom/echo',
    { params: anything },
    note('custom/echo', (params) => ({ given: params['value'] })),
  );
  low.setRequestHandler(
    'custom/fail',
    { params: anything },
    note('custom/fail', () => {
      throw Object.assign(new Error('custom failure'), { code: -32050, data: { retry: false } });
    }),
  );
  low.setNotificationHandler('notifications/custom', { params: anything }, (...given: unknown[]) => {
    recording.handler('notifications/custom', undefined, given);
  });
  low.oninitialized = () => {
    recording.handler('initialized', undefined, [low.getClientCapabilities(), low.getClientVersion()]);
  };
  low.onerror = (error) => {
    recording.error('server', error);
  };
}
