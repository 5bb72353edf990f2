import type { HealthReport } from '../../monitoring/health/report.js';
import type { AdminSource, MetricsAnswer } from './adminSource.js';
import type { MainMessage, Question, Reply } from './protocol.js';

export interface ThreadSourceOptions {
  readonly silentMs: () => number;
  readonly nowMs: () => number;
  readonly ask: (id: number, question: Question) => void;
}

interface Kept<T> {
  readonly value: T;
  readonly atMs: number;
}

/** A main thread that is silent for longer is not waited for where there is something to show. In milliseconds. */
const STALLED_MS = 400;
const LOOK_MS = 50;
/**
 * Longest waits. Collecting metrics is bounded at 5 s, a look at the database and a check of health at 2 s each; the first health is that
 * of all checks, which a busy machine begins late, and `handoff-otel health` waits for 4 s.
 */
const METRICS_MS = 6000;
const READY_MS = 2500;
const HEALTH_MS = 3500;

/** What the admin thread knows: what the main thread answers and, when that is stalled, what it said last. */
export class ThreadSource implements AdminSource {
  readonly silentMs: () => number;
  readonly #options: ThreadSourceOptions;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  readonly #metrics = new Map<'openmetrics' | 'text', Kept<MetricsAnswer>>();
  #health: Kept<HealthReport> | undefined;
  #isStopping = false;
  #lastId = 0;

  constructor(options: ThreadSourceOptions) {
    this.#options = options;
    this.silentMs = options.silentMs;
  }

  /** Takes what the main thread says. */
  onMessage(message: MainMessage): void {
    if (message.type === 'health') this.#keepHealth(message.report);
    else if (message.type === 'metrics') this.#keepMetrics(message.answer);
    else if (message.type === 'stopping') this.#isStopping = true;
    else if (message.type === 'answer') {
      const { answer } = message;
      // Kept however late it comes.
      if (answer.about === 'health') this.#keepHealth(answer.report);
      if (answer.about === 'metrics') this.#keepMetrics(answer.answer);
      this.#waiting.get(message.id)?.(answer);
    }
  }

  async isReady(): ReturnType<AdminSource['isReady']> {
    if (this.#isStopping) return { reason: 'the server is stopping' };
    const reply = await this.#ask({ about: 'readiness' }, READY_MS, Infinity);
    return reply?.about === 'readiness' ? reply.readiness : { reason: 'the main thread is too busy to answer' };
  }

  /** Whatever is kept is good enough: the main thread tells every change by itself. */
  async health(): ReturnType<AdminSource['health']> {
    if (this.#health === undefined) await this.#ask({ about: 'health' }, HEALTH_MS, Infinity);
    return this.#health === undefined ? undefined : { report: this.#health.value, ageMs: this.#ageOf(this.#health) };
  }

  async metrics(accept: string): ReturnType<AdminSource['metrics']> {
    const silenceMs = this.#metrics.size === 0 ? Infinity : STALLED_MS;
    const reply = await this.#ask({ about: 'metrics', accept }, METRICS_MS, silenceMs);
    if (reply?.about === 'metrics') return { ...reply.answer, ageMs: 0 };
    const kept = this.#metrics.get(wantsOpenMetrics(accept) ? 'openmetrics' : 'text') ?? this.#metrics.values().next().value;
    return kept === undefined ? undefined : { ...kept.value, ageMs: Math.max(1, this.#ageOf(kept)) };
  }

  #ageOf({ atMs }: Kept<unknown>): number {
    return this.#options.nowMs() - atMs;
  }

  #keepHealth(report: HealthReport): void {
    this.#health = { value: report, atMs: this.#options.nowMs() };
  }

  #keepMetrics(answer: MetricsAnswer): void {
    if (answer.status !== 200) return;
    const format = (answer.headers['content-type'] ?? '').includes('openmetrics') ? 'openmetrics' : 'text';
    this.#metrics.set(format, { value: answer, atMs: this.#options.nowMs() });
  }

  /** `undefined` after `limitMs`, and as soon as the main thread has been silent for `silenceMs`. */
  async #ask(question: Question, limitMs: number, silenceMs: number): Promise<Reply | undefined> {
    if (this.silentMs() > silenceMs) return undefined;
    this.#lastId += 1;
    const id = this.#lastId;
    const startMs = this.#options.nowMs();
    let look: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve) => {
        this.#waiting.set(id, resolve);
        look = setInterval(() => {
          if (this.#options.nowMs() - startMs > limitMs || this.silentMs() > silenceMs) resolve(undefined);
        }, LOOK_MS);
        this.#options.ask(id, question);
      });
    } finally {
      clearInterval(look);
      this.#waiting.delete(id);
    }
  }
}

function wantsOpenMetrics(accept: string): boolean {
  return accept.includes('application/openmetrics-text');
}
