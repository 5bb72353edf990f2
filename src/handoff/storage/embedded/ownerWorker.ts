import { Worker } from 'node:worker_threads';
import { errorMessage } from '../../../errors/classify.js';
import { EmbeddedOpenError, type EmbeddedOpenReason } from '../../../errors/embeddedErrors.js';
import { within } from '../../../time/within.js';
import type { OwnerReply, OwnerRequest, OwnerSettings } from './ownerProtocol.js';
import type { OwnerWorkerEntry } from './ownerWorkerEntry.js';

export interface OwnerWorkerOptions {
  readonly entry: OwnerWorkerEntry;
  readonly dataDir: string;
  readonly settings: Omit<OwnerSettings, 'pulse'>;
  readonly statementLimitMs: number;
  /** Called when the database is no longer ours: the thread crashed or was ended. Not called after `stop()`. */
  readonly onLost: (reason: Error) => void;
  readonly onCreating: () => void;
}

interface Thread {
  readonly worker: Worker;
  readonly pulse: Int32Array;
  readonly ended: Promise<void>;
}

/** The longest time between two checks of the pulse, in milliseconds. */
const pulseCheckMaxMs = 5000;

/**
 * This process's owner thread, started on the first bid. Never keeps the process alive by itself.
 *
 * Its stdout and stderr are kept separate from the host's: on the stdio transport one stray line would break the protocol. The
 * thread also silences itself, because captured output keeps the process alive.
 */
export class OwnerWorker {
  readonly #options: OwnerWorkerOptions;
  #thread: Thread | undefined;
  #bid: PromiseWithResolvers<string | undefined> | undefined;
  #failure: Error | undefined;
  #owns = false;
  #pulseTimer: NodeJS.Timeout | undefined;

  constructor(options: OwnerWorkerOptions) {
    this.#options = options;
  }

  /**
   * Tries to become the owner. Resolves with the address it listens on, or undefined when another process is the owner.
   * Rejects with `EmbeddedOpenError` when it got the lock but could not open the database. Only one bid at a time.
   */
  bid(): Promise<string | undefined> {
    this.#thread ??= this.#start();
    this.#bid = Promise.withResolvers();
    this.#thread.worker.postMessage({ type: 'bid' } satisfies OwnerRequest);
    return this.#bid.promise;
  }

  /** Ends the thread, gently within `limitMs`. Resolves when it is gone, along with the lock and the socket. */
  async stop(limitMs: number): Promise<void> {
    const thread = this.#thread;
    if (thread === undefined) return;
    this.#forget();
    this.#bid?.resolve(undefined);
    this.#bid = undefined;
    thread.worker.postMessage({ type: 'stop' } satisfies OwnerRequest);
    await within(limitMs, () => thread.ended).catch(() => thread.worker.terminate());
  }

  #start(): Thread {
    const { entry, settings } = this.#options;
    const pulse = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const worker = new Worker(entry.url, {
      name: 'handoff-otel embedded database',
      workerData: { ...settings, pulse } satisfies OwnerSettings,
      // Neither the host's --import files nor its NODE_OPTIONS: they would instrument this thread a second time.
      execArgv: [...entry.execArgv],
      env: {},
      stdout: true,
      stderr: true,
    });
    const ended = Promise.withResolvers<void>();
    const thread: Thread = { worker, pulse: new Int32Array(pulse), ended: ended.promise };
    worker.on('message', (reply: OwnerReply) => {
      if (thread === this.#thread) this.#onReply(reply, thread.pulse);
    });
    worker.on('error', (error) => {
      if (thread === this.#thread) this.#failure ??= this.#openError('crashed', errorMessage(error), error);
    });
    worker.on('exit', () => {
      ended.resolve();
      if (thread === this.#thread) this.#gone();
    });
    // Last, because a message listener added later would keep the process alive again.
    worker.unref();
    return thread;
  }

  #onReply(reply: OwnerReply, pulse: Int32Array): void {
    if (reply.type === 'creating') {
      this.#options.onCreating();
      return;
    }
    if (reply.type === 'failed') {
      this.#failure = this.#openError(reply.reason, reply.detail);
      return;
    }
    if (reply.type === 'listening') {
      this.#owns = true;
      this.#watch(pulse);
    }
    this.#bid?.resolve(reply.type === 'listening' ? reply.address : undefined);
    this.#bid = undefined;
  }

  #gone(): void {
    const failure = this.#failure ?? this.#openError('crashed', 'the owner thread ended');
    const owned = this.#owns;
    this.#forget();
    this.#bid?.reject(failure);
    this.#bid = undefined;
    if (owned) this.#options.onLost(failure);
  }

  #forget(): void {
    clearInterval(this.#pulseTimer);
    this.#thread = undefined;
    this.#failure = undefined;
    this.#owns = false;
  }

  /**
   * A statement runs inside WebAssembly, where no timeout reaches it: the only way to end it is to end the thread. Counts checks instead of
   * reading a clock: while the process is suspended, its statement does not run either.
   */
  #watch(pulse: Int32Array): void {
    const { statementLimitMs } = this.#options;
    const everyMs = Math.min(pulseCheckMaxMs, statementLimitMs / 4);
    let seen = 0;
    let looks = 0;
    this.#pulseTimer = setInterval(() => {
      const beat = Atomics.load(pulse, 0);
      looks = beat === seen && beat % 2 !== 0 ? looks + 1 : 0;
      seen = beat;
      if (looks * everyMs < statementLimitMs) return;
      this.#failure = this.#openError('crashed', `a statement ran longer than ${statementLimitMs} ms and was ended`);
      void this.#thread?.worker.terminate();
    }, everyMs);
    this.#pulseTimer.unref();
  }

  #openError(reason: EmbeddedOpenReason, detail: string, cause?: unknown): EmbeddedOpenError {
    return new EmbeddedOpenError(this.#options.dataDir, reason, detail, { cause });
  }
}
