import { Worker } from 'node:worker_threads';
import { toError } from '../../../errors/classify.js';
import { isOverWithin } from '../../../time/within.js';
import type { Listening } from '../listen.js';
import type { AdminAddress } from './adminHttp.js';
import { adminThreadEntry } from './adminThreadEntry.js';
import type { AdminThreadEntry } from './adminThreadEntry.js';
import { startHeartbeat } from './heartbeat.js';
import type { Heartbeat } from './heartbeat.js';
import { collectMetrics } from './mainThreadSource.js';
import type { AdminSubject } from './mainThreadSource.js';
import type { MainMessage, Question, Reply, ThreadMessage, ThreadStart } from './protocol.js';

export interface AdminWorkerOptions extends AdminAddress {
  readonly subject: AdminSubject;
  /** Called when the thread ends without having been told to. */
  readonly onLost: () => void;
  /** Tests have their own. */
  readonly entry?: AdminThreadEntry;
}

export interface AdminWorker extends Listening {
  /** Makes `/readyz` report not ready from now on, even while this thread is stalled. */
  stopping(): void;
}

/** The thread could not listen on the address. */
export class AdminAddressError extends Error {
  override readonly name = 'AdminAddressError';
  /** Of the socket, such as EADDRINUSE. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** It holds the last answers of a scraper and little else. In MiB. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 };
/** Starting takes a tenth of a second. */
const START_TIMEOUT_MS = 15_000;
const CLOSE_MARGIN_MS = 500;

/**
 * Serves the admin port from a thread of its own, which answers while this one is stalled. Rejects with `AdminAddressError` when it cannot
 * listen, and with any other error when there can be no such thread. Does not keep the process alive.
 */
export async function serveAdminThread(options: AdminWorkerOptions): Promise<AdminWorker> {
  const heartbeat = startHeartbeat();
  try {
    return await new Serving(options, heartbeat).listening();
  } catch (error) {
    heartbeat.stop();
    throw error;
  }
}

class Serving {
  readonly #options: AdminWorkerOptions;
  readonly #heartbeat: Heartbeat;
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  #isExpected = false;
  #stopTelling = (): void => undefined;

  constructor(options: AdminWorkerOptions, heartbeat: Heartbeat) {
    this.#options = options;
    this.#heartbeat = heartbeat;
    const { entry = adminThreadEntry(), host, port, allowedHosts, livenessTimeoutMs, healthIntervalMs } = options;
    const start: ThreadStart = {
      host,
      port,
      ...(allowedHosts === undefined ? {} : { allowedHosts }),
      livenessTimeoutMs,
      healthIntervalMs,
      heartbeat: heartbeat.memory,
    };
    this.#worker = new Worker(entry.url, {
      name: 'handoff-otel admin',
      // Neither the host's --import files nor its NODE_OPTIONS: they would instrument this thread a second time.
      execArgv: [...entry.execArgv],
      env: {},
      workerData: start,
      resourceLimits: RESOURCE_LIMITS,
      stdout: true,
      stderr: true,
    });
    this.#ended = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
  }

  async listening(): Promise<AdminWorker> {
    const { url, port } = await this.#firstWord().catch((error: unknown) => {
      void this.#worker.terminate();
      throw error;
    });
    // An error of the thread is followed by its end.
    this.#worker.on('error', () => undefined);
    void this.#ended.then(() => this.#onEnd());
    this.#worker.on('message', (message: ThreadMessage) => {
      if (message.type === 'ask')
        void this.#reply(message.question).then((answer) => this.#say({ type: 'answer', id: message.id, answer }));
    });
    // After the listener for messages, which keeps the process alive again.
    this.#worker.unref();
    this.#tell();
    return {
      url,
      port,
      stopping: () => this.#say({ type: 'stopping' }),
      close: (drainMs) => this.#close(drainMs),
    };
  }

  #firstWord(): Promise<Extract<ThreadMessage, { type: 'listening' }>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the admin thread did not start within ${START_TIMEOUT_MS} ms`)), START_TIMEOUT_MS);
      this.#worker.once('message', (message: ThreadMessage) => {
        clearTimeout(timer);
        if (message.type === 'listening') resolve(message);
        else reject(message.type === 'not_listening' ? new AdminAddressError(message.code, message.message) : new Error('unexpected'));
      });
      this.#worker.once('error', (error) => {
        clearTimeout(timer);
        reject(toError(error));
      });
      void this.#ended.then(() => {
        clearTimeout(timer);
        reject(new Error('the admin thread ended before it listened'));
      });
    });
  }

  /**
   * What the thread shows while this one is stalled. Metrics are collected once, so that there is something to show before the first
   * scrape: several figures of the event loop are since the last collection, and another would take them from the next scrape.
   */
  #tell(): void {
    const { subject } = this.#options;
    const stopHealth = subject.health.onHealth((report) => this.#say({ type: 'health', report }));
    void collectMetrics(subject, '').then((answer) => this.#say({ type: 'metrics', answer }));
    this.#stopTelling = () => {
      stopHealth();
      this.#heartbeat.stop();
    };
  }

  async #reply(question: Question): Promise<Reply> {
    const { subject } = this.#options;
    if (question.about === 'readiness') return { about: 'readiness', readiness: await subject.isReady() };
    if (question.about === 'health') return { about: 'health', report: await subject.health.healthReport() };
    return { about: 'metrics', answer: await collectMetrics(subject, question.accept) };
  }

  #say(message: MainMessage): void {
    this.#worker.postMessage(message);
  }

  #onEnd(): void {
    this.#stopTelling();
    if (!this.#isExpected) this.#options.onLost();
  }

  async #close(drainMs: number): Promise<void> {
    this.#isExpected = true;
    this.#say({ type: 'close', drainMs });
    if (!(await isOverWithin(drainMs + CLOSE_MARGIN_MS, this.#ended))) await this.#worker.terminate();
  }
}
