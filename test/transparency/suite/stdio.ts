import { startStdio } from './processes.js';
import type { Setup, StdioProcess } from './processes.js';
import { normalise } from './results.js';

export type Entry = 'v1' | 'v2' | 'served';

const LEGACY = { protocolVersion: '2025-11-25', capabilities: { sampling: {} }, clientInfo: { name: 'raw', version: '1' } };
const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
};

const ASKED: readonly (readonly [method: string, params?: Readonly<Record<string, unknown>>])[] = [
  ['tools/list'],
  ['prompts/list'],
  ['resources/list'],
  ['resources/templates/list'],
  ['tools/call', { name: 'test_simple_text' }],
  ['tools/call', { name: 'test_error_handling', arguments: {} }],
  ['tools/call', { name: 'test_tool_with_logging', arguments: {} }],
  ['tools/call', { name: 'test_tool_with_progress', arguments: {}, _meta: { progressToken: 'p' } }],
  ['tools/call', { name: 'test_sampling', arguments: { prompt: 'A word?' } }],
  ['tools/call', { name: 'test_sampling', arguments: { prompt: 7 } }],
  ['tools/call', { name: 'no such tool' }],
  ['prompts/get', { name: 'test_simple_prompt' }],
  ['resources/read', { uri: 'test://static-text' }],
  ['resources/read', { uri: 'test://missing' }],
  ['no/such/method'],
];
const SAMPLED = { role: 'assistant', content: { type: 'text', text: 'Word.' }, model: 'raw' };

/** Talks to a server process line by line; answers every line it wrote to stdout, in order, and nothing of its stderr. */
export async function talkOverStdio(entry: Entry, era: 'legacy' | 'modern', setup: Omit<Setup, 'generation'>): Promise<string[]> {
  const server = startStdio(entry, setup);
  const lines: string[] = [];
  server.onLine((line) => {
    lines.push(line);
    const { id, method } = parse(line);
    if (method === 'sampling/createMessage') server.write({ jsonrpc: '2.0', id, result: SAMPLED });
  });
  let lastId = 0;
  const ask = async (method: string, params: object = {}): Promise<void> => {
    const id = (lastId += 1);
    const all = era === 'modern' ? { ...params, _meta: { ...('_meta' in params ? (params._meta as object) : {}), ...ENVELOPE } } : params;
    server.write({ jsonrpc: '2.0', id, method, params: all });
    await answered(server, () => lines.some((line) => parse(line).id === id && parse(line).method === undefined), method);
  };
  if (era === 'legacy') {
    await ask('initialize', LEGACY);
    server.write({ jsonrpc: '2.0', method: 'notifications/initialized' });
  } else await ask('server/discover');
  for (const [method, params] of ASKED) await ask(method, params);
  await server.end();
  return lines.map((line) => JSON.stringify(normalise(parse(line))));
}

function parse(line: string): { readonly id?: unknown; readonly method?: unknown } {
  try {
    return JSON.parse(line) as object;
  } catch {
    throw new Error(`not JSON on stdout: ${line}`);
  }
}

const ANSWER_WITHIN_MS = 20_000;

async function answered(server: StdioProcess, isAnswered: () => boolean, what: string): Promise<void> {
  const late = AbortSignal.timeout(ANSWER_WITHIN_MS);
  while (!isAnswered()) {
    late.throwIfAborted();
    if (!(await server.nextLine(late))) throw new Error(`the server went before it answered ${what}`);
  }
}
