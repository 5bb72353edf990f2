import { VERSION_WITHOUT_INITIALIZE, messageOf, toolOf } from './exchange.js';
import type { Answer, Conversation, Exchange, Script } from './exchange.js';
import { startProgram } from './program.js';
import type { Program, Start, TelemetryTarget } from './program.js';
import type { Run } from './stdioRun.js';

const LISTENING_DEADLINE_MS = 30_000;

/** Plays a script over Streamable HTTP, ends the session where there is one, then sends SIGTERM. */
export async function runOverHttp(start: Start, url: string, script: Script, telemetry?: TelemetryTarget): Promise<Run> {
  const program = startProgram(start, telemetry);
  try {
    await listening(program, url);
    const conversation = await converse(url, script);
    await telemetry?.arrived?.(conversation.exchanges.length);
    const end = await program.end('signal');
    return { conversation, stdout: program.stdout, end };
  } finally {
    program.child.kill('SIGKILL');
  }
}

/** Waits for the port to answer at all; a GET is answered with some refusal, and no server counts it as an MCP message. */
async function listening(program: Program, url: string): Promise<void> {
  const deadline = performance.now() + LISTENING_DEADLINE_MS;
  for (let last: unknown; ; ) {
    try {
      await (await fetch(new URL('/', url), { method: 'HEAD', signal: AbortSignal.timeout(5_000) })).arrayBuffer();
      return;
    } catch (error) {
      last = error;
    }
    if (program.child.exitCode !== null || performance.now() > deadline) {
      throw new Error(`Nothing listens at ${url}. The program's stderr ends with:\n${program.stderr.slice(-20).join('\n')}`, {
        cause: last,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function converse(url: string, { era, requests }: Script): Promise<Conversation> {
  const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  if (era === 'without') headers['mcp-protocol-version'] = VERSION_WITHOUT_INITIALIZE;
  const post = (message: object, more: Record<string, string> = {}): Promise<Response> =>
    fetch(url, { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(message) });
  const exchanges: Exchange[] = [];
  const unasked: unknown[] = [];
  let sessionId: string | undefined;
  let protocolVersion = era === 'without' ? VERSION_WITHOUT_INITIALIZE : '';
  for (const [index, request] of requests.entries()) {
    const id = index + 1;
    const response = await post(messageOf(request, id, era), era === 'without' ? routingHeaders(request.method, toolOf(request)) : {});
    const messages = messagesIn(await response.text());
    const answer = messages.find((message) => message['id'] === id) as Answer | undefined;
    if (answer === undefined) throw new Error(`Status ${response.status} and no answer to request ${id}: ${JSON.stringify(messages)}`);
    unasked.push(...messages.filter((message) => 'method' in message));
    exchanges.push({ ...request, id, answer });
    if (request.method !== 'initialize') continue;
    protocolVersion = String(answer.result?.['protocolVersion']);
    headers['mcp-protocol-version'] = protocolVersion;
    sessionId = response.headers.get('mcp-session-id') ?? undefined;
    if (sessionId !== undefined) headers['mcp-session-id'] = sessionId;
    await (await post({ jsonrpc: '2.0', method: 'notifications/initialized' })).arrayBuffer();
  }
  if (sessionId !== undefined) await (await fetch(url, { method: 'DELETE', headers })).arrayBuffer();
  return { exchanges, protocolVersion, unasked, notified: era === 'without' ? 0 : 1, ...(sessionId === undefined ? {} : { sessionId }) };
}

/** Since 2026-07-28 the headers repeat what proxies route by. */
function routingHeaders(method: string, name: string | undefined): Record<string, string> {
  return { 'mcp-method': method, ...(name === undefined ? {} : { 'mcp-name': name }) };
}

/** The JSON-RPC messages of a body, whether it is JSON or an event stream. */
function messagesIn(body: string): readonly Record<string, unknown>[] {
  const texts = body.trimStart().startsWith('{')
    ? [body]
    : body.split('\n').flatMap((line) => (/^data: *\{/.test(line) ? [line.slice(line.indexOf('{'))] : []));
  return texts.map((text) => JSON.parse(text) as Record<string, unknown>);
}
