import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../../setup/freePort.js';
import { KeptProcess } from '../../../setup/keptProcess.js';
import { logTail } from '../../../setup/throwawayServer.js';
import { ownsPort } from './ownsPort.js';

const START_TIMEOUT_MS = 60_000;
const PORT_ATTEMPTS = 3;

/** How a program of the stack is started. */
export interface ProgramSpec<Port extends string> {
  /** Names its log file, `<name>.log`. */
  readonly name: string;
  /** Where its log is kept, beyond its end. */
  readonly logFolder: string;
  /** The ports it listens on; each is one that was free. */
  readonly ports: readonly Port[];
  /** `folder` is its own, empty at first and deleted at the end; it stays the same from start to start, as do the ports. */
  readonly launch: (ports: Readonly<Record<Port, number>>, folder: string) => Started;
  /** Resolves once it is ready; rejects while it is not. */
  readonly probe: (ports: Readonly<Record<Port, number>>) => Promise<void>;
}

export interface Started {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the program's own folder. */
  readonly cwd?: string;
}

/** A program that dies with this process, however that ends. It can be stopped, killed, paused and started again in between. */
export class LiveProgram<Port extends string = string> implements AsyncDisposable {
  readonly ports: Readonly<Record<Port, number>>;
  readonly logFile: string;
  readonly #spec: ProgramSpec<Port>;
  readonly #kept: KeptProcess;
  readonly #folder: string;
  #pid = 0;

  private constructor(spec: ProgramSpec<Port>, ports: Readonly<Record<Port, number>>) {
    this.#spec = spec;
    this.ports = ports;
    this.#folder = mkdtempSync(join(tmpdir(), `handoff-stack-${spec.name}-`));
    this.#kept = new KeptProcess(this.#folder, 'SIGTERM');
    this.logFile = join(spec.logFolder, `${spec.name}.log`);
  }

  static async start<Port extends string>(spec: ProgramSpec<Port>): Promise<LiveProgram<Port>> {
    for (let attempt = 1; ; attempt += 1) {
      const entries = await Promise.all(spec.ports.map(async (port) => [port, await freePort()] as const));
      const program = new LiveProgram(spec, Object.fromEntries(entries) as Record<Port, number>);
      try {
        await program.start();
        return program;
      } catch (error) {
        await program[Symbol.asyncDispose]();
        if (attempt === PORT_ATTEMPTS || !/address already in use|EADDRINUSE/i.test(readFileSync(program.logFile, 'utf8'))) throw error;
        rmSync(program.logFile);
      }
    }
  }

  get pid(): number {
    return this.#pid;
  }

  /** Whether it has ended, by itself or because it was stopped. */
  get hasEnded(): boolean {
    return this.#kept.exit !== undefined;
  }

  /** `http://127.0.0.1:<port>` */
  url(port: Port): string {
    return `http://127.0.0.1:${this.ports[port]}`;
  }

  /** Starts it, or starts it again after `stop()`. Resolves when it is ready and listens on its ports itself. */
  async start(): Promise<void> {
    const { command, args, env = {}, cwd = this.#folder } = this.#spec.launch(this.ports, this.#folder);
    const { PATH = '', HOME = '' } = process.env;
    this.#pid = await this.#kept.start({ command, args, env: { PATH, HOME, ...env }, cwd, logFile: this.logFile });
    const deadline = performance.now() + START_TIMEOUT_MS;
    let lastFailure: unknown;
    while (performance.now() < deadline) {
      if (this.#kept.exit !== undefined) throw new Error(`${this.#spec.name} ended while starting: ${logTail(this.logFile)}`);
      try {
        await this.#spec.probe(this.ports);
        if (this.#spec.ports.every((port) => ownsPort(this.#pid, this.ports[port]))) return;
        lastFailure = 'another program has its port';
      } catch (error) {
        lastFailure = error;
      }
      await wait(50);
    }
    throw new Error(`${this.#spec.name} was not ready within ${START_TIMEOUT_MS} ms (${String(lastFailure)}): ${logTail(this.logFile)}`);
  }

  /** Sends a signal that does not end it. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    await this.#kept.signal(signal, { tree: false });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await this.#kept.signal(signal, { tree: false });
    await this.#kept.exited();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kept.close();
  }
}

/** A probe: the address answers with a status below 300. */
export async function answers(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}
