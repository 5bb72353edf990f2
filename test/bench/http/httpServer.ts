import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
const TAIL_LINES = 30;
const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

export interface HttpServerOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Options of Node itself, before the program. */
  readonly nodeArgs?: readonly string[];
  /** Connections that calls share, kept open between them. Calls beyond wait for one here. */
  readonly connections: number;
}

/** What came of a call. */
export interface Outcome {
  readonly isError: boolean;
  /** `code` of an error. */
  readonly code?: string;
}

/**
 * The built `handoff-otel serve` over Streamable HTTP as a child process, driven with bare requests: the SDK's client would take the cores
 * that the server needs. Of its log only the last lines are kept.
 */
export class HttpServer {
  readonly child: ChildProcess;
  readonly mcpUrl: string;
  readonly adminUrl: string;
  readonly #agent: Agent;
  readonly #ended: Promise<unknown>;
  #lastId = 0;

  private constructor(child: ChildProcess, listening: Readonly<Record<string, unknown>>, connections: number) {
    this.child = child;
    this.mcpUrl = String(listening['url']);
    this.adminUrl = String(listening['adminUrl']);
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
    this.#ended = once(child, 'close');
  }

  static async start({ env, nodeArgs = [], connections }: HttpServerOptions): Promise<HttpServer> {
    const child = spawn(process.execPath, [...nodeArgs, cli, 'serve'], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], HANDOFF_HTTP_PORT: '0', HANDOFF_ADMIN_PORT: '0', ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    return new HttpServer(child, await firstListening(child), connections);
  }

  /** Resolves with what the tool answered. Rejects when the server gives no such answer. */
  async callTool(name: string, args: object): Promise<Outcome> {
    this.#lastId += 1;
    const message = { jsonrpc: '2.0', id: this.#lastId, method: 'tools/call', params: { name, arguments: args } };
    return outcomeOf(await this.#post(JSON.stringify(message)));
  }

  /** Closes connections that are idle. */
  rest(): void {
    this.#agent.destroy();
  }

  async end(): Promise<void> {
    this.rest();
    this.child.kill('SIGTERM');
    await this.#ended;
  }

  #post(body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = { ...HEADERS, 'content-length': Buffer.byteLength(body) };
      const sent = request(this.mcpUrl, { method: 'POST', agent: this.#agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(`HTTP ${response.statusCode}`))));
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

async function firstListening(child: ChildProcess): Promise<Readonly<Record<string, unknown>>> {
  const tail: string[] = [];
  return new Promise((resolve, reject) => {
    if (child.stderr === null) throw new Error('the server has no stderr');
    createInterface({ input: child.stderr }).on('line', (line) => {
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
      if (line.includes('handoff.http.listening')) resolve(JSON.parse(line) as Record<string, unknown>);
    });
    child.once('close', () => reject(new Error(`the server ended; its log ends with:\n${tail.join('\n')}`)));
  });
}

/** An answer is JSON, or one event that holds it. */
function outcomeOf(text: string): Outcome {
  const json = text.startsWith('{') ? text : (/^data: (\{.*)$/mu.exec(text)?.[1] ?? '');
  const { result, error } = JSON.parse(json) as {
    readonly result?: { readonly isError?: boolean; readonly content?: readonly { readonly text?: string }[] };
    readonly error?: { readonly message: string };
  };
  if (result === undefined) throw new Error(error?.message ?? 'no result');
  if (result.isError !== true) return { isError: false };
  const failure = JSON.parse(result.content?.[0]?.text ?? '{}') as { readonly code?: string };
  return { isError: true, ...(failure.code === undefined ? {} : { code: failure.code }) };
}
