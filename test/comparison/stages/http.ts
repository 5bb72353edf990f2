import { McpServer, createMcpHandler } from '@modelcontextprotocol/server';
import type { FetchHandler, Mode, Subject } from '../subject.js';
import { Probe } from './stage.js';
import type { Message, Stage, StageOptions } from './stage.js';
import { CAPABILITIES, registerV2 } from './v2.js';

const VERSION = '2026-07-28';

const META = {
  'io.modelcontextprotocol/protocolVersion': VERSION,
  'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
  'io.modelcontextprotocol/clientInfo': { name: 'by-hand', version: '1' },
};

/** `createMcpHandler` in the package's set-up: a server is made, and wrapped, for each request. */
export function openHandler(subject: Subject, mode: Mode, probe: Probe): FetchHandler {
  if (subject.createHandler !== undefined)
    return subject.createHandler((server) => {
      registerV2(server as McpServer, probe);
    }, mode);
  const handler = createMcpHandler(() => {
    const server = subject.wrapServer(new McpServer({ name: 'fixture', version: '1.0.0' }, { capabilities: CAPABILITIES }), mode);
    registerV2(server, probe);
    return server;
  });
  return subject.wrapHandler?.(handler, mode) ?? handler;
}

/** Requests of 2026-07-28 by hand. */
export async function openHttp(subject: Subject, { mode = 'plain' }: StageOptions): Promise<Stage> {
  const probe = new Probe();
  const handler = openHandler(subject, mode, probe);
  const received: Message[] = [];
  let id = 0;
  return {
    road: 'http',
    probe,
    received,
    request: async (method, params, options) => {
      id += 1;
      const response = await handler.fetch(modernRequest({ id, method, params: { ...params } }, {}, options?.signal));
      return resultOf(await response.text());
    },
    notify: async (method, params) => {
      await (await handler.fetch(modernRequest({ method, params: { ...params } }))).text();
    },
    close: async () => handler.close?.(),
  };
}

/** A POST of that protocol. Headers given as `undefined` are left out. */
export function modernRequest(message: Message, headers: Readonly<Record<string, string | undefined>> = {}, signal?: AbortSignal): Request {
  const name = message.params?.['name'] ?? message.params?.['uri'];
  const all = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': VERSION,
    'mcp-method': message.method,
    'mcp-name': typeof name === 'string' ? name : undefined,
    ...headers,
  };
  const params = { ...message.params, _meta: { ...META, ...message.params?._meta } };
  const sent = Object.entries(all).filter((header): header is [string, string] => header[1] !== undefined);
  return new Request('http://127.0.0.1/mcp', {
    method: 'POST',
    headers: sent,
    body: JSON.stringify({ jsonrpc: '2.0', ...message, params }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The answer in a body of JSON or of server-sent events. */
function resultOf(body: string): Record<string, unknown> {
  const lines = body.startsWith('{')
    ? [body]
    : body.split('\n').flatMap((line) => (line.startsWith('data:') ? [line.slice('data:'.length)] : []));
  const answers = lines.map((line) => JSON.parse(line) as { result?: Record<string, unknown>; error?: { code: number; message: string } });
  const error = answers.find((answer) => answer.error !== undefined)?.error;
  if (error !== undefined) throw Object.assign(new Error(error.message), { code: error.code });
  return answers.find((answer) => answer.result !== undefined)?.result ?? {};
}
