import { Worker } from 'node:worker_threads';
import { errorMessage } from '../../../errors/classify.js';
import type { FileOutcome, FileRequest, ThreadReply } from './protocol.js';
import type { WorkerEntry } from './workerEntry.js';

export interface WorkerOptions {
  readonly entry: WorkerEntry;
  /** A file that takes longer is given up, and the thread is ended: nothing else stops a parser. */
  readonly fileTimeoutMs: number;
  /** The thread ends after this time without work, and with it the memory that the parser took. */
  readonly idleTimeoutMs: number;
}

/**
 * Limits of the thread's own heap, in MiB; the parser's memory is limited apart. They are no protection: V8 ends the whole process
 * when a large array does not fit. What keeps the heap small is that nothing in it grows with the file but its text.
 */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32 };

/** Longest start of the thread in milliseconds, which is not part of the time for a file. It takes a tenth of a second. */
const START_TIMEOUT_MS = 60_000;

/** `missing_parser` is a fault of the installation, and no answer about the file. */
export type WorkerOutcome = FileOutcome | { readonly kind: 'missing_parser' };

interface Job {
  readonly request: FileRequest;
  readonly settle: (outcome: WorkerOutcome) => void;
}

/**
 * The thread that reads and parses files: started for the first file, replaced after one that it did not survive, ended when idle.
 * Files wait in order. It keeps the process alive only while there is work.
 */
export class AnalysisWorker {
  readonly #options: WorkerOptions;
  readonly #waiting: Job[] = [];
  #worker: Worker | undefined;
  #isReady = false;
  #current: Job | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /**
   * Resolves with what became of the file; a crash of the thread is an outcome too. A file whose turn has not come when `signal`
   * is aborted is taken out of the queue, and one that is being read is given up.
   */
  run(request: FileRequest, signal: AbortSignal): Promise<WorkerOutcome> {
    const { promise, resolve } = Promise.withResolvers<WorkerOutcome>();
    const giveUp = (): void => {
      const place = this.#waiting.indexOf(job);
      if (place !== -1) this.#waiting.splice(place, 1);
      const outcome: FileOutcome = { kind: 'refused', reason: 'call_timed_out', problem: CALL_TIMED_OUT };
      if (job !== this.#current) job.settle(outcome);
      // A thread that is only starting will be of use to the next.
      else if (this.#isReady) this.#replace(outcome);
      else this.#settle(outcome);
    };
    const job: Job = {
      request,
      settle: (outcome) => {
        signal.removeEventListener('abort', giveUp);
        resolve(outcome);
      },
    };
    if (signal.aborted) giveUp();
    else {
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(job);
      this.#next();
    }
    return promise;
  }

  #next(): void {
    if (this.#current !== undefined) return;
    clearTimeout(this.#timer);
    this.#current = this.#waiting.shift();
    if (this.#current === undefined) {
      this.#rest();
      return;
    }
    this.#worker ??= this.#start();
    this.#worker.ref();
    if (this.#isReady) this.#send(this.#worker, this.#current.request);
    else this.#timer = setTimeout(() => this.#replace(failed('the thread did not start')), START_TIMEOUT_MS);
  }

  #send(worker: Worker, request: FileRequest): void {
    clearTimeout(this.#timer);
    worker.postMessage(request);
    const { fileTimeoutMs } = this.#options;
    const problem = `The analysis took longer than ${fileTimeoutMs} ms (HANDOFF_CODEBASE_FILE_TIMEOUT_MS).`;
    this.#timer = setTimeout(() => this.#replace({ kind: 'refused', reason: 'timed_out', problem }), fileTimeoutMs);
  }

  #rest(): void {
    this.#worker?.unref();
    this.#timer = setTimeout(() => this.#end(), this.#options.idleTimeoutMs);
    this.#timer.unref();
  }

  #start(): Worker {
    const { entry } = this.#options;
    const worker = new Worker(entry.url, {
      name: 'handoff-otel code analysis',
      // Neither the host's --import files nor its NODE_OPTIONS: they would instrument this thread a second time.
      execArgv: [...entry.execArgv],
      env: {},
      resourceLimits: RESOURCE_LIMITS,
      stdout: true,
      stderr: true,
    });
    worker.on('message', (reply: ThreadReply) => {
      if (worker === this.#worker) this.#onReply(worker, reply);
    });
    worker.on('error', (error) => {
      if (worker === this.#worker) this.#replace(failed(errorMessage(error)));
    });
    worker.on('exit', () => {
      if (worker === this.#worker) this.#replace(failed('the thread ended'));
    });
    return worker;
  }

  #onReply(worker: Worker, reply: ThreadReply): void {
    if (reply.type === 'ready') {
      this.#isReady = true;
      if (this.#current !== undefined) this.#send(worker, this.#current.request);
    } else if (reply.type === 'outcome') this.#settle(reply.outcome);
    else this.#replace(reply.type === 'missing_parser' ? { kind: 'missing_parser' } : failed(reply.detail));
  }

  /** Goes on with a new thread. */
  #replace(outcome: WorkerOutcome): void {
    this.#end();
    this.#settle(outcome);
  }

  #settle(outcome: WorkerOutcome): void {
    const job = this.#current;
    this.#current = undefined;
    job?.settle(outcome);
    this.#next();
  }

  #end(): void {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    this.#isReady = false;
    void worker?.terminate();
  }
}

export const CALL_TIMED_OUT =
  'The call took too long, and this file was not analysed (HANDOFF_CODEBASE_TIMEOUT_MS). Ask for it in another call.';

/** The detail is for whoever debugs this; it can name files of the installation, so it is not in the problem. */
function failed(detail: string): FileOutcome {
  const reason = /memory|Aborted|unreachable/iu.test(detail) ? 'the parser ran out of memory' : 'the analysis failed';
  return { kind: 'refused', reason: 'analysis_failed', problem: `The file could not be analysed: ${reason}.` };
}
