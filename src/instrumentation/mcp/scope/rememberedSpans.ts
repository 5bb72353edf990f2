import type { SpanContext } from '@opentelemetry/api';

/** Enough for every task and round-trip a process has open; beyond it the oldest lose their link, nothing else. */
const MAX_REMEMBERED = 1000;

/**
 * Remembers where something began that is continued in later messages, so that their spans can link to it: tasks by their
 * id, rounds of an input request by their state. Bounded; the oldest go first.
 */
export class RememberedSpans {
  readonly #spans = new Map<string, SpanContext>();

  remember(key: string, spanContext: SpanContext): void {
    this.#spans.delete(key);
    if (this.#spans.size >= MAX_REMEMBERED) {
      const [oldest] = this.#spans.keys();
      if (oldest !== undefined) this.#spans.delete(oldest);
    }
    this.#spans.set(key, spanContext);
  }

  recall(key: string): SpanContext | undefined {
    return this.#spans.get(key);
  }
}
