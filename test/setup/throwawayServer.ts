import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './freePort.js';
import type { Launch } from './keeperProtocol.js';
import type { KeptProcess } from './keptProcess.js';
import { TestServiceError } from './testServiceError.js';

const READY_TIMEOUT_MS = 30_000;
const PORT_ATTEMPTS = 5;

/** What differs between the servers. */
export interface ServerKind {
  readonly name: 'PostgreSQL' | 'Redis' | 'S3';
  readonly kept: KeptProcess;
  /** Makes the server finish its work and end. */
  readonly stopSignal: NodeJS.Signals;
  /** A killed server leaves things outside its folder, which its next start removes. */
  readonly tidiesAtStart: boolean;
  /** Where to look for a port. Default: any free one. */
  readonly port?: () => Promise<number>;
  readonly launch: (port: number) => Launch;
  readonly url: (port: number) => string;
  /** Resolves when the server at `url` answers and is the one started here; rejects while it does not. */
  readonly probe: (url: string, pid: number) => Promise<void>;
}

/**
 * A private server on 127.0.0.1 with its own port, password and data. It dies with this process, however that ends.
 * Port, password and data stay the same from start to start; `stop()` deletes the data.
 */
export class ThrowawayServer {
  readonly url: string;
  readonly port: number;
  readonly #kind: ServerKind;
  #pid: number;

  private constructor(kind: ServerKind, port: number, pid: number) {
    this.#kind = kind;
    this.port = port;
    this.url = kind.url(port);
    this.#pid = pid;
  }

  static async create(kind: ServerKind): Promise<ThrowawayServer> {
    try {
      for (let attempt = 1; ; attempt++) {
        const port = await (kind.port ?? freePort)();
        try {
          return new ThrowawayServer(kind, port, await launchAndProbe(kind, port));
        } catch (error) {
          // Someone may have taken the port between the look and the launch.
          if (attempt >= PORT_ATTEMPTS || !/address already in use/i.test(String(error))) throw error;
        }
      }
    } catch (error) {
      await kind.kept.close();
      throw error;
    }
  }

  /** The server's process id, of the postmaster for PostgreSQL. */
  get pid(): number {
    return this.#pid;
  }

  /** Starts the server again after `kill9()`. Resolves when it answers. */
  async start(): Promise<void> {
    this.#pid = await launchAndProbe(this.#kind, this.port);
  }

  /** SIGKILL for every process of the server, as a crash would. */
  async kill9(): Promise<void> {
    await this.#kind.kept.signal('SIGKILL', { tree: true });
    await this.#kind.kept.exited();
  }

  /** Orderly shutdown; the data stays for `start()`. */
  async shutDown(): Promise<void> {
    await this.#kind.kept.signal(this.#kind.stopSignal, { tree: false });
    await this.#kind.kept.exited();
  }

  /** Orderly shutdown and start. */
  async restart(): Promise<void> {
    await this.shutDown();
    await this.start();
  }

  /** Whether it has ended, by itself or because it was stopped. */
  get hasEnded(): boolean {
    return this.#kind.kept.exit !== undefined;
  }

  /** Connections stay open and new ones are accepted by the kernel, but nothing answers until `resume()`. */
  async pause(): Promise<void> {
    await this.#kind.kept.signal('SIGSTOP', { tree: true });
  }

  async resume(): Promise<void> {
    await this.#kind.kept.signal('SIGCONT', { tree: true });
  }

  /** Ends the server for good and deletes its data. */
  async stop(): Promise<void> {
    const { kept, tidiesAtStart } = this.#kind;
    if (tidiesAtStart && kept.exit?.signal === 'SIGKILL') await this.start().catch(() => undefined); // tidying is all it is for
    await kept.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

async function launchAndProbe(kind: ServerKind, port: number): Promise<number> {
  const launch = kind.launch(port);
  const pid = await kind.kept.start(launch);
  const deadline = performance.now() + READY_TIMEOUT_MS;
  let lastFailure: unknown;
  while (performance.now() < deadline) {
    if (kind.kept.exit) throw new TestServiceError(`${kind.name} ended while starting; its log ends with: ${logTail(launch.logFile)}`);
    try {
      await kind.probe(kind.url(port), pid);
      return pid;
    } catch (error) {
      lastFailure = error;
    }
    await wait(20);
  }
  throw new TestServiceError(
    `${kind.name} did not answer within ${READY_TIMEOUT_MS / 1000} s (${String(lastFailure)}); its log ends with: ${logTail(launch.logFile)}`,
    { cause: lastFailure },
  );
}

/** The last lines a server wrote. */
export function logTail(logFile: string): string {
  try {
    return readFileSync(logFile, 'utf8').trim().split('\n').slice(-6).join(' / ');
  } catch {
    return '(nothing)';
  }
}
