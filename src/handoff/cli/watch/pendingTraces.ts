import type { SpanRecord } from '../../../testing/records.js';

/** After the last span of a trace that looks complete: another process may have sent a part of it. */
export const SETTLE_MS = 250;
/** After the last span of a trace that lacks a parent: it may end much later, or never. */
export const HOLD_MS = 5000;
/** Spans that may wait. Beyond it, the traces that have waited longest are due, whatever they lack. */
const MAX_WAITING = 20_000;

interface Pending {
  readonly spans: SpanRecord[];
  lastArrivalMs: number;
}

/**
 * Traces that are still arriving. A span is sent when it ends, hence children before their parents, and a trace has no end of its
 * own: it is due when no parent is missing and nothing more came for a moment.
 */
export class PendingTraces {
  /** In the order of their last arrival. */
  readonly #traces = new Map<string, Pending>();
  #waiting = 0;

  get isEmpty(): boolean {
    return this.#traces.size === 0;
  }

  add(spans: readonly SpanRecord[], nowMs: number): void {
    for (const span of spans) {
      const pending = this.#traces.get(span.traceId) ?? { spans: [], lastArrivalMs: nowMs };
      pending.spans.push(span);
      pending.lastArrivalMs = nowMs;
      this.#traces.delete(span.traceId);
      this.#traces.set(span.traceId, pending);
      this.#waiting += 1;
    }
  }

  /** Takes out the traces that can be shown now. */
  takeDue(nowMs: number): readonly (readonly SpanRecord[])[] {
    return this.#take((pending) => {
      const quietMs = nowMs - pending.lastArrivalMs;
      return quietMs >= (isComplete(pending.spans) ? SETTLE_MS : HOLD_MS) || this.#waiting > MAX_WAITING;
    });
  }

  /** Takes out whatever there is. */
  takeAll(): readonly (readonly SpanRecord[])[] {
    return this.#take(() => true);
  }

  #take(isDue: (pending: Pending) => boolean): readonly (readonly SpanRecord[])[] {
    const due: (readonly SpanRecord[])[] = [];
    for (const [traceId, pending] of this.#traces) {
      if (!isDue(pending)) continue;
      this.#traces.delete(traceId);
      this.#waiting -= pending.spans.length;
      due.push(pending.spans);
    }
    return due.sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
  }
}

/** The parent of a span that serves or consumes may be in another process, which sends its spans elsewhere. */
function isComplete(spans: readonly SpanRecord[]): boolean {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans.every(
    ({ parentSpanId, kind }) => parentSpanId === undefined || ids.has(parentSpanId) || kind === 'SERVER' || kind === 'CONSUMER',
  );
}

const startOf = (spans: readonly SpanRecord[]): bigint =>
  spans.reduce((start, span) => (span.startTimeUnixNano < start ? span.startTimeUnixNano : start), spans[0]?.startTimeUnixNano ?? 0n);
