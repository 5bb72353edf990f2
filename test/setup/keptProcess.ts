import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Exit, KeeperCommand, KeeperEvent, Launch } from './keeperProtocol.js';

interface Run {
  readonly started: PromiseWithResolvers<number>;
  readonly exited: PromiseWithResolvers<Exit>;
  exit?: Exit;
}

/**
 * The parent's side of a keeper: runs one process at a time and outlives none of them.
 * The work directory belongs to the keeper, which deletes it when this process closes it or dies in any way.
 */
export class KeptProcess {
  readonly #keeper: ChildProcessByStdio<Writable, Readable, null>;
  #run: Run | undefined;
  #lost = false;
  readonly #signals: PromiseWithResolvers<void>[] = [];

  constructor(workDirectory: string, stopSignal: NodeJS.Signals) {
    const { NODE_OPTIONS: _loaders, ...env } = process.env; // the host's loaders and hooks are not the keeper's
    // Node 22.15 to 22.17 strips types only when asked; delete the flag when the oldest supported Node does it itself.
    const stripTypes = process.features.typescript ? [] : ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'];
    const program = fileURLToPath(new URL('./keeper.ts', import.meta.url));
    this.#keeper = spawn(process.execPath, [...stripTypes, program, workDirectory, stopSignal], {
      cwd: '/',
      env,
      detached: true, // Ctrl-C reaches the parent only; the keeper then sees its stdin end
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#keeper.stdin.on('error', () => undefined); // reported by 'exit' below
    createInterface({ input: this.#keeper.stdout }).on('line', (line) => this.#on(JSON.parse(line) as KeeperEvent));
    const lost = (): void => {
      this.#lost = true;
      for (const sent of this.#signals) sent.resolve();
      this.#on({ event: 'exited', exit: { code: null, signal: null, message: 'its keeper process ended' } });
    };
    this.#keeper.once('error', lost).once('exit', lost);
  }

  /** How the last process ended; undefined while it runs. */
  get exit(): Exit | undefined {
    return this.#run?.exit;
  }

  /** Resolves with the process id once the process exists. */
  async start(launch: Launch): Promise<number> {
    if (this.#lost) throw new Error('The keeper process of this server ended; start a new server.');
    this.#run = { started: Promise.withResolvers(), exited: Promise.withResolvers() };
    this.#run.started.promise.catch(() => undefined);
    this.#send({ op: 'start', launch });
    return this.#run.started.promise;
  }

  /** Runs a process to its end. */
  async complete(launch: Launch): Promise<Exit> {
    await this.start(launch);
    return this.exited();
  }

  /** Resolves when the process and, with `tree`, its children have been sent the signal; for SIGKILL, when the children are gone. */
  async signal(signal: NodeJS.Signals, options: { readonly tree: boolean }): Promise<void> {
    const sent = Promise.withResolvers<void>();
    this.#signals.push(sent);
    if (this.#lost) sent.resolve(); // the process went with its keeper
    this.#send({ op: 'signal', signal, tree: options.tree });
    await sent.promise;
  }

  async exited(): Promise<Exit> {
    if (!this.#run) throw new Error('Nothing was started under this keeper; call start() first.');
    return this.#run.exited.promise;
  }

  /** Stops what runs, deletes the work directory, ends the keeper. */
  async close(): Promise<void> {
    const gone = this.#lost ? undefined : once(this.#keeper, 'exit');
    this.#keeper.stdin.end();
    await gone;
  }

  #send(command: KeeperCommand): void {
    this.#keeper.stdin.write(`${JSON.stringify(command)}\n`);
  }

  #on(event: KeeperEvent): void {
    if (event.event === 'signalled') {
      this.#signals.shift()?.resolve();
      return;
    }
    if (!this.#run) return;
    if (event.event === 'started') {
      this.#run.started.resolve(event.pid);
      return;
    }
    this.#run.exit ??= event.exit;
    this.#run.started.reject(new Error(event.exit.message ?? 'the process ended before it started'));
    this.#run.exited.resolve(event.exit);
  }
}
