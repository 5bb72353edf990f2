import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { GeneratorOrder, GeneratorResult } from './generatorProcess.js';

/** A built server over HTTP, as a process of its own. */
export class HttpSubject {
  readonly pid: number;
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    this.port = port;
  }

  /**
   * Starts the server that was built in `checkout`, with its log lines thrown away after the one that says where it listens.
   * `nodeArgs` are options of Node itself.
   *
   * @throws Error when it ends before it listens
   */
  static async start(checkout: string, env: Readonly<Record<string, string>>, nodeArgs: readonly string[] = []): Promise<HttpSubject> {
    const child = spawn(process.execPath, [...nodeArgs, join(checkout, 'dist/cli.js'), 'serve'], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], HANDOFF_HTTP_PORT: '0', HANDOFF_ADMIN_PORT: '0', ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stderr })) {
      lines.push(line);
      const port = /"url":"http:\/\/127\.0\.0\.1:(\d+)\/mcp"/.exec(line)?.[1];
      if (port === undefined) continue;
      child.stderr.resume();
      return new HttpSubject(child, Number(port));
    }
    throw new Error(`the server ended before it listened:\n${lines.slice(-10).join('\n')}`);
  }

  /** Sends it load from another process. */
  async load(order: Omit<GeneratorOrder, 'port'>): Promise<GeneratorResult> {
    const generator = fork(new URL('./generatorProcess.ts', import.meta.url), { execArgv: ['--import', './tools/resolveSource.mjs'] });
    const result = once(generator, 'message');
    const ended = once(generator, 'exit');
    generator.send({ ...order, port: this.port } satisfies GeneratorOrder);
    const answer = await Promise.race([result, ended.then(() => undefined)]);
    if (answer === undefined) throw new Error('the generator ended without a result');
    await ended;
    return answer[0] as GeneratorResult;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}
