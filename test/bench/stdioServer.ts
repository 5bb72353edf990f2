import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('../..', import.meta.url));

type Message = Readonly<Record<string, unknown>>;

export interface StdioServerOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Options of Node itself, before the program. */
  readonly nodeArgs?: readonly string[];
  /** Folder of the build. Default: this one. */
  readonly checkout?: string;
}

/**
 * `handoff-otel serve --stdio` as a child process, driven with bare JSON-RPC lines.
 *
 * Not the SDK's client: it validates every answer, and that work would be taken from the cores the server needs. Logs go
 * to a file, as with a client that keeps them. Requests that become ready in one turn go out in one write.
 */
export class StdioServer {
  readonly pid: number;
  readonly #stdin: Writable;
  readonly #open = new Map<number, PromiseWithResolvers<Message>>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'handoff-bench-'));
  readonly #ended: Promise<unknown>;
  #lastId = 0;
  #rest = '';
  #isCorked = false;

  /** Starts it; use `initialize()` before anything else. */
  constructor({ env, nodeArgs = [], checkout = here }: StdioServerOptions) {
    const log = openSync(join(this.#folder, 'stderr.log'), 'w');
    const child = spawn(process.execPath, [...nodeArgs, join(checkout, 'dist/cli.js'), 'serve', '--stdio'], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      stdio: ['pipe', 'pipe', log],
    });
    closeSync(log);
    const { stdin, stdout } = child;
    if (stdin === null || stdout === null) throw new Error('the server has no pipes');
    this.pid = child.pid ?? 0;
    this.#stdin = stdin.on('error', () => undefined);
    stdout.setEncoding('utf8').on('data', (text: string) => this.#receive(text));
    this.#ended = once(child, 'close').then(() => {
      for (const { reject } of this.#open.values()) reject(new Error(`the server ended; its log ends with:\n${this.#logTail()}`));
    });
  }

  async initialize(): Promise<void> {
    await this.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } });
    this.#stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  }

  /** Resolves with the whole answer. Rejects when it is an error or the server ends. */
  request(method: string, params: object): Promise<Message> {
    const id = (this.#lastId += 1);
    const answer = Promise.withResolvers<Message>();
    this.#open.set(id, answer);
    this.#cork();
    this.#stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return answer.promise;
  }

  /** Calls a tool; rejects unless it succeeded. */
  callTool(name: string, args: object): Promise<Message> {
    return this.request('tools/call', { name, arguments: args });
  }

  /** Closes stdin, as a client that leaves does, and waits until the process is gone. */
  async end(): Promise<void> {
    this.#stdin.end();
    await this.#ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#stdin.cork();
    setImmediate(() => {
      this.#isCorked = false;
      this.#stdin.uncork();
    });
  }

  #receive(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = JSON.parse(line) as Message;
      const answer = this.#open.get(message['id'] as number);
      if (answer === undefined) continue;
      this.#open.delete(message['id'] as number);
      if (message['error'] !== undefined || line.includes('"isError":true')) answer.reject(new Error(`the server answered ${line}`));
      else answer.resolve(message);
    }
  }

  #logTail(): string {
    return readFileSync(join(this.#folder, 'stderr.log'), 'utf8').trim().split('\n').slice(-5).join('\n');
  }
}
