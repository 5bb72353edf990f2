import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Order, Reply, Slice, TelemetryFinding } from './messages.js';

const RESOLVE_SOURCE = new URL('../../../tools/resolveSource.mjs', import.meta.url).href;
const CHILD = join(import.meta.dirname, 'child.ts');

/** A child that holds one variant, and idles until asked. */
export class VariantProcess {
  readonly #child: ChildProcess;
  readonly #name: string;
  #errors = '';

  private constructor(name: string, nodeArgs: readonly string[], program: string) {
    this.#name = name;
    this.#child = fork(program, [name], {
      execArgv: ['--expose-gc', '--import', RESOLVE_SOURCE, ...nodeArgs],
      env: cleanEnv(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
  }

  /**
   * Ready when its first calls were answered.
   *
   * @param program serves the subject that the name stands for; without it, one of the variants
   */
  static async start(name: string, nodeArgs: readonly string[] = [], program: string = CHILD): Promise<VariantProcess> {
    const started = new VariantProcess(name, nodeArgs, program);
    await started.#reply('ready');
    return started;
  }

  async warmUp(calls: number): Promise<void> {
    await this.#ask({ kind: 'warm-up', calls }, 'warm');
  }

  async slice(calls: number): Promise<Slice> {
    return (await this.#ask({ kind: 'slice', calls }, 'slice')).slice;
  }

  /** Bytes a call. */
  async allocation(calls: number): Promise<number> {
    return (await this.#ask({ kind: 'allocation', calls }, 'allocation')).bytes;
  }

  /** Ends the process and tells what of its telemetry arrived. */
  async finish(): Promise<TelemetryFinding> {
    const ended = once(this.#child, 'exit');
    const { telemetry } = await this.#ask({ kind: 'finish' }, 'telemetry');
    // A CPU profile is written at the very end.
    await ended;
    return telemetry;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #ask<Kind extends Reply['kind']>(order: Order, kind: Kind): Promise<Extract<Reply, { kind: Kind }>> {
    const reply = this.#reply(kind);
    this.#child.send(order);
    return reply;
  }

  #reply<Kind extends Reply['kind']>(kind: Kind): Promise<Extract<Reply, { kind: Kind }>> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => {
        reject(new Error(`${this.#name} ended with ${code ?? 'a signal'}:\n${this.#errors}`));
      };
      this.#child.once('exit', onExit).once('message', (message) => {
        this.#child.off('exit', onExit);
        const reply = message as Reply;
        if (reply.kind === kind) resolve(reply as Extract<Reply, { kind: Kind }>);
        else reject(new Error(`${this.#name} answered ${reply.kind} where ${kind} was asked for`));
      });
    });
  }
}

/** Without what the caller set for telemetry: each variant sets what it means to. */
function cleanEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(OTEL_|SENTRY_|NODE_OPTIONS$)/.test(name)));
}
