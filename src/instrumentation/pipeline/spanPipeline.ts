import { TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { SignalQueue } from './signalQueue.js';

/** Guards every span while it can still be changed, then queues the sampled ones. Must come before any other exporting processor. */
export class SpanPipeline implements SpanProcessor {
  readonly #guard: (span: Span) => void;
  readonly #queue: SignalQueue<ReadableSpan> | undefined;

  /** @param queue absent when traces only go to a processor after this one (console). */
  constructor(guard: (span: Span) => void, queue: SignalQueue<ReadableSpan> | undefined) {
    this.#guard = guard;
    this.#queue = queue;
  }

  onStart(): void {}

  onEnding(span: Span): void {
    this.#guard(span);
  }

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) this.#queue?.add(span);
  }

  async forceFlush(): Promise<void> {
    await this.#queue?.flush();
  }

  async shutdown(): Promise<void> {
    await this.#queue?.flush();
  }
}
