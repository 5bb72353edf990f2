import { Client } from '@modelcontextprotocol/client';
import type { CallToolRequest, LoggingLevel, Transport } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { clientCapabilities, clientInfo, elicited, roots, sampled, watched } from './fixtureClient.js';
import type { AskOptions, Era, FixtureClient } from './fixtureClient.js';
import type { Recording } from './recording.js';

type Params = Record<string, unknown>;

/** A client of the second generation that writes down what reaches its handlers. */
export function clientV2(recording: Recording, transport: Transport, era: Era): FixtureClient {
  const client = new Client(clientInfo, {
    capabilities: clientCapabilities,
    versionNegotiation: { mode: era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } },
  });
  listenTo(client, recording);
  const own: Readonly<Record<string, (params: never, options?: AskOptions) => Promise<unknown>>> = {
    ping: (_params, options) => client.ping(options),
    'server/discover': (_params, options) => client.discover(options),
    'tools/list': (params, options) => client.listTools(params, options),
    'tools/call': (params: CallToolRequest['params'], options) => client.callTool(params, options),
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
      client.request({ method, ...(params === undefined ? {} : { params }) }, z.looseObject({}), options),
    tell: (method, params) => client.notification({ method, ...(params === undefined ? {} : { params }) }),
    listen: (filter) => client.listen(filter),
    facts: () => [
      client.getServerCapabilities(),
      client.getServerVersion(),
      client.getInstructions(),
      client.getNegotiatedProtocolVersion(),
    ],
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
    'sampling/createMessage',
    note('sampling', () => sampled),
  );
  client.setRequestHandler(
    'elicitation/create',
    note('elicitation', ({ message }) => elicited(String(message))),
  );
  client.setRequestHandler(
    'roots/list',
    note('roots', () => roots),
  );
  for (const method of watched)
    client.setNotificationHandler(
      method,
      note(method, () => undefined),
    );
  client.onerror = (error) => {
    recording.error('client', error);
  };
}
