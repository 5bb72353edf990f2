import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolResultSchema,
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ResultSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { CallToolRequest, LoggingLevel } from '@modelcontextprotocol/sdk/types.js';
import { clientCapabilities, clientInfo, elicited, roots, sampled } from './fixtureClient.js';
import type { AskOptions, FixtureClient } from './fixtureClient.js';
import type { Recording } from './recording.js';

type Params = Record<string, unknown>;

/** A client of the first generation that writes down what reaches its handlers. */
export function clientV1(recording: Recording, transport: Transport): FixtureClient {
  const client = new Client(clientInfo, { capabilities: clientCapabilities });
  listenTo(client, recording);
  const own: Readonly<Record<string, (params: never, options?: AskOptions) => Promise<unknown>>> = {
    ping: (_params, options) => client.ping(options),
    'tools/list': (params, options) => client.listTools(params, options),
    'tools/call': (params: CallToolRequest['params'], options) => client.callTool(params, CallToolResultSchema, options),
    'prompts/list': (params, options) => client.listPrompts(params, options),
    'prompts/get': (params, options) => client.getPrompt(params, options),
    'resources/list': (params, options) => client.listResources(params, options),
    'resources/templates/list': (params, options) => client.listResourceTemplates(params, options),
    'resources/read': (params, options) => client.readResource(params, options),
    'resources/subscribe': (params, options) => client.subscribeResource(params, options),
    'resources/unsubscribe': (params, options) => client.unsubscribeResource(params, options),
    'completion/complete': (params, options) => client.complete(params, options),
    'logging/setLevel': ({ level }: { level: LoggingLevel }, options) => client.setLoggingLevel(level, options),
  };
  return {
    client,
    connect: () => client.connect(transport),
    ask: (method, params, options) =>
      own[method]?.(params as never, options) ??
      client.request({ method, ...(params === undefined ? {} : { params }) }, ResultSchema, options),
    tell: (method, params) => client.notification({ method, ...(params === undefined ? {} : { params }) }),
    facts: () => [client.getServerCapabilities(), client.getServerVersion(), client.getInstructions()],
    close: () => client.close(),
  };
}

function listenTo(client: Client, recording: Recording): void {
  const note = <Result>(what: string, answer: (params: Params) => Result) =>
    async function (this: unknown, ...given: unknown[]): Promise<Result> {
      recording.handler(`client ${what}`, this, given);
      return answer((given[0] as { params?: Params }).params ?? {});
    };
  client.setRequestHandler(
    CreateMessageRequestSchema,
    note('sampling', () => sampled),
  );
  client.setRequestHandler(
    ElicitRequestSchema,
    note('elicitation', ({ message }) => elicited(String(message))),
  );
  client.setRequestHandler(
    ListRootsRequestSchema,
    note('roots', () => roots),
  );
  client.setNotificationHandler(
    LoggingMessageNotificationSchema,
    note('message', () => undefined),
  );
  client.setNotificationHandler(
    ToolListChangedNotificationSchema,
    note('tools changed', () => undefined),
  );
  client.setNotificationHandler(
    ResourceListChangedNotificationSchema,
    note('resources changed', () => undefined),
  );
  client.setNotificationHandler(
    ResourceUpdatedNotificationSchema,
    note('resource updated', () => undefined),
  );
  client.onerror = (error) => {
    recording.error('client', error);
  };
}
