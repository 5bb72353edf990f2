import { diag } from '@opentelemetry/api';
import type { LogRecord, Logger } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import { MessageChannel, Worker } from 'node:worker_threads';
import { errorMessage } from '../../../errors/classify.js';
import type { Clock } from '../../../time/clock.js';
import type { BatchCounts, BatchDetails } from '../../pipeline/batchCounts.js';
import type { ReportLine } from '../../diagnostics/diagnostics.js';
import type { Env } from '../../settings/env.js';
import type { TelemetrySettings } from '../../settings/resolve.js';
import { BODY_FIELD, LineFormat } from './lineFormat.js';
import { LineQueue } from './lineQueue.js';
import { logThreadOptions } from './logThread.js';
import type { LogChunkAnswer, LogThreadData } from './logThread.js';
import { transportOptions } from './transportOptions.js';

export interface LogWorkerOptions {
  /** Main file of pino-opentelemetry-transport. */
  readonly transportFile: string;
  readonly settings: TelemetrySettings;
  readonly resource: Resource;
  readonly env: Env;
  readonly clock: Clock;
  readonly report: ReportLine;
  /** Where the `exit` of the process is heard. */
  readonly host: Pick<NodeJS.Process, 'on' | 'prependListener' | 'removeListener'>;
  /** Takes over when the thread cannot go on. */
  readonly fallback: Pick<Logger, 'emit'>;
}

interface Thread {
  readonly worker: Worker;
  readonly post: (message: unknown) => void;
  readonly release: () => void;
}

/** How long an exit waits for a collector that has just failed. */
const SHORT_PATIENCE_MS = 300;

/**
 * Log records that leave by pino-opentelemetry-transport, in a thread of their own.
 *
 * Why not `pino.transport()`: its stream holds up to half a gigabyte for a thread that lags behind and then stops the
 * event loop; its end stops it for up to ten seconds and throws into the host when a collector hangs; and its flush does
 * not reach the batch inside the transport, so a signal would lose it. Here the queue and every wait are bounded.
 */
export class LogWorker implements Pick<Logger, 'emit'> {
  readonly #options: LogWorkerOptions;
  readonly #format: LineFormat;
  readonly #queue: LineQueue;
  /** Shared with the thread, see `LogThreadData`. */
  readonly #progress = new Int32Array(new SharedArrayBuffer(8));
  #thread: Thread | undefined;
  #start: (() => void) | undefined;
  #lastFailed = false;
  /** How much had been handed over when a flush first waited for it, and when that was. */
  #flushed = { posted: 0, atMs: 0 };
  #problem: string | undefined;
  #isClosed = false;

  constructor(options: LogWorkerOptions) {
    this.#options = options;
    this.#format = new LineFormat(() => options.clock.nowMs(), options.settings.logLimits);
    this.#queue = new LineQueue(options.settings.logBatch, (chunk) => {
      this.#thread?.post(chunk);
    });
  }

  counts(): BatchCounts {
    return this.#queue.counts;
  }

  details(): BatchDetails {
    return this.#queue.details;
  }

  /** Why records leave in process again. */
  problem(): string | undefined {
    return this.#problem;
  }

  /** Never throws: it runs inside the host's own code. */
  emit(record: LogRecord): void {
    if (this.#isClosed || this.#problem !== undefined) {
      this.#options.fallback.emit(record);
      return;
    }
    this.#thread ??= this.#open();
    if (this.#thread === undefined) return this.emit(record);
    try {
      this.#queue.add(this.#format.encode(record));
    } catch {
      this.#queue.lose();
    }
  }

  /** Has everything sent. As long as the collector takes; never rejects. */
  async flush(): Promise<void> {
    this.#handOver();
    await this.#queue.settled();
  }

  /**
   * The same in an exit handler, where the event loop no longer runs: holds the process, at most `flushTimeoutMs`, less
   * what a flush of the same records has taken already.
   */
  flushSync(): void {
    if (this.#thread === undefined) return;
    this.#start?.();
    this.#handOver();
    const { clock, settings } = this.#options;
    const patienceMs = this.#lastFailed ? Math.min(SHORT_PATIENCE_MS, settings.flushTimeoutMs) : settings.flushTimeoutMs;
    const deadlineMs = this.#flushed.atMs + patienceMs;
    for (;;) {
      const answered = Atomics.load(this.#progress, 0);
      const leftMs = deadlineMs - clock.monotonicMs();
      if (answered >= this.#queue.posted || leftMs <= 0) return;
      Atomics.wait(this.#progress, 0, answered, leftMs);
    }
  }

  /** Nothing to hurry: whoever waits for `flush` bounds it. */
  setHurried(): void {}

  /** Stops the thread; what it has not sent is lost, what comes later leaves in process. */
  close(): void {
    this.#isClosed = true;
    this.#queue.takeBack(false);
    this.#drop();
  }

  #handOver(): void {
    this.#queue.postAll();
    if (this.#queue.posted > this.#flushed.posted) this.#flushed = { posted: this.#queue.posted, atMs: this.#options.clock.monotonicMs() };
  }

  /** First of all, so that the thread works while whoever else has something to send at the end holds the process. */
  readonly #onExitBegins = (): void => {
    this.#start?.();
    this.#handOver();
  };

  readonly #onExit = (): void => {
    this.flushSync();
  };

  #open(): Thread | undefined {
    const { transportFile, env, resource, settings, host } = this.#options;
    try {
      const { port1, port2 } = new MessageChannel();
      const { source, options } = logThreadOptions(env);
      const workerData: LogThreadData = { port: port2, transportFile, progress: this.#progress, workerData: { pinoWillSendConfig: true } };
      const worker = new Worker(source, { ...options, workerData, transferList: [port2] });
      worker.on('error', (error) => this.#die(errorMessage(error)));
      worker.on('exit', (code) => this.#die(`it ended with code ${code}`));
      // What pino itself would tell a transport.
      worker.postMessage({ code: 'PINO_CONFIG', config: { levels: { labels: {}, values: {} }, messageKey: BODY_FIELD, errorKey: 'err' } });
      port1.on('message', (answer: LogChunkAnswer) => this.#onAnswer(answer));
      worker.unref();
      port1.unref();
      // Logs that survive `process.exit()` are what the thread is for, so this does not wait for `flushOnProcessExit`.
      if (settings.exitHooks) host.prependListener('exit', this.#onExitBegins).on('exit', this.#onExit);
      return this.#begin(worker, port1, resource);
    } catch (error) {
      this.#die(errorMessage(error));
      return undefined;
    }
  }

  /** The host's id comes asynchronously, and chunks may be handed over before it. */
  #begin(worker: Worker, port: { postMessage(message: unknown): void; close(): void }, resource: Resource): Thread {
    const early: unknown[] = [];
    let isStarted = false;
    const start = (): void => {
      if (isStarted) return;
      isStarted = true;
      port.postMessage(transportOptions(this.#options.settings.logs, resource));
      for (const message of early.splice(0)) port.postMessage(message);
    };
    if (resource.asyncAttributesPending === true) void resource.waitForAsyncAttributes?.().then(start, start);
    else start();
    this.#start = start;
    return { worker, post: (message) => (isStarted ? port.postMessage(message) : void early.push(message)), release: () => port.close() };
  }

  #onAnswer(answer: LogChunkAnswer): void {
    this.#lastFailed = answer.problem !== undefined;
    if (answer.problem !== undefined) diag.error('logs not delivered by the log thread:', answer.problem);
    this.#queue.answer(answer);
  }

  #die(reason: string): void {
    if (this.#isClosed || this.#problem !== undefined) return;
    this.#problem = `the log thread cannot go on (${reason.replaceAll(/\s+/g, ' ').slice(0, 300)}); logs leave in process from now on.`;
    this.#options.report(this.#problem);
    const back = this.#queue.takeBack(Atomics.load(this.#progress, 1) === 0);
    this.#drop();
    for (const line of back) this.#options.fallback.emit(this.#format.decode(line));
  }

  #drop(): void {
    const thread = this.#thread;
    this.#thread = undefined;
    this.#options.host.removeListener('exit', this.#onExitBegins).removeListener('exit', this.#onExit);
    thread?.release();
    void thread?.worker.terminate();
  }
}
