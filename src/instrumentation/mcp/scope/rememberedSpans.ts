import type { SpanContext } from '@opentelemetry/api';

/** Enough for every open task and round trip of a process; above it, the oldest lose their link, nothing else. */
const MAX_REMEMBERED = 1000;

/**
 * Remembers the spans in which something began that later messages continue, so that their spans can link to it: tasks by
 * id, rounds of an input request by state. Bounded; the oldest are dropped first.
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
