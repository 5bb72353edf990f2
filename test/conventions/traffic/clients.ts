import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { CreateMessageRequestSchema, ElicitRequestSchema, ListRootsRequestSchema, ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { Client as ClientV2 } from '@modelcontextprotocol/client';
import { z } from 'zod';
import type { CallOptions, ClientFacade } from './facade.js';

const INFO = { name: 'conventions-client', version: '1.0.0' };
const SAMPLE = { model: 'm', role: 'assistant', content: { type: 'text', text: 'a' } } as const;
const ELICITED = { action: 'accept', content: { sure: true } } as const;
const CAPABILITIES = { sampling: {}, roots: { listChanged: true }, elicitation: { form: {}, url: {} } };

function toOptions({ signal, timeoutMs, onProgress }: CallOptions = {}): {
  signal?: AbortSignal;
  timeout?: number;
  onprogress?: () => void;
} {
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    ...(onProgress === undefined ? {} : { onprogress: onProgress }),
  };
}

/** A model that answers only when it is told to stop: then nobody waits for the answer any more. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

export function makeClientV1(): ClientV1 {
  const client = new ClientV1(INFO, { capabilities: CAPABILITIES });
  client.setRequestHandler(CreateMessageRequestSchema, async (request, { signal }) => {
    if (request.params.maxTokens === 1) await aborted(signal);
    return SAMPLE;
  });
  client.setRequestHandler(ElicitRequestSchema, () => ELICITED);
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [] }));
  return client;
}

export function facadeOfV1(client: ClientV1): ClientFacade {
  return {
    callTool: (name, args, options) => client.callTool({ name, arguments: args ?? {} }, undefined, toOptions(options)),
    request: (method, params) => client.request({ method, params }, ResultSchema),
    notify: (method, params) => client.notification({ method, params }),
    callToolAsTask: async (name) => {
      const params = { name, arguments: {}, task: { ttl: 60_000 } };
      const created = await client.request(
        { method: 'tools/call', params },
        z.looseObject({ task: z.looseObject({ taskId: z.string() }) }),
      );
      return created.task.taskId;
    },
    closed: () =>
      new Promise((resolve) => {
        client.onclose = resolve;
      }),
    close: () => client.close(),
  };
}

export function makeClientV2(era: 'legacy' | '2026-07-28'): ClientV2 {
  const client = new ClientV2(INFO, {
    capabilities: CAPABILITIES,
    ...(era === 'legacy' ? {} : { versionNegotiation: { mode: { pin: era } } }),
  });
  client.setRequestHandler('sampling/createMessage', async (request, { mcpReq }) => {
    if (request.params.maxTokens === 1) await aborted(mcpReq.signal);
    return SAMPLE;
  });
  client.setRequestHandler('elicitation/create', () => ELICITED);
  client.setRequestHandler('roots/list', () => ({ roots: [] }));
  return client;
}

export function facadeOfV2(client: ClientV2): ClientFacade {
  return {
    callTool: (name, args, options) => client.callTool({ name, arguments: args ?? {} }, toOptions(options)),
    request: (method, params) => client.request({ method, params: params ?? {} }, z.looseObject({})),
    notify: (method, params) => client.notification({ method, params }),
    listen: (filter) => client.listen(filter),
    closed: () =>
      new Promise((resolve) => {
        client.onclose = resolve;
      }),
    close: () => client.close(),
  };
}
