import type { SpanRecord } from '../../../testing/records.js';

/** Wait after the last span of a trace that looks complete: another process may still send part of it. */
export const SETTLE_MS = 250;
/** Wait after the last span of a trace that lacks a parent: the parent may end much later, or never. */
export const HOLD_MS = 5000;
/** Maximum number of pending spans. Above it, the traces that have waited longest are due, even if incomplete. */
const MAX_WAITING = 20_000;

interface Pending {
  readonly spans: SpanRecord[];
  lastArrivalMs: number;
}

/**
 * Traces that are still arriving. A span is sent when it ends, so children arrive before their parents, and nothing marks the end
 * of a trace: it is due when no parent is missing and nothing more has arrived for a moment.
 */
export class PendingTraces {
  /** Ordered by last arrival. */
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

  /** Removes and returns the traces that can be shown now. */
  takeDue(nowMs: number): readonly (readonly SpanRecord[])[] {
    return this.#take((pending) => {
      const quietMs = nowMs - pending.lastArrivalMs;
      return quietMs >= (isComplete(pending.spans) ? SETTLE_MS : HOLD_MS) || this.#waiting > MAX_WAITING;
    });
  }

  /** Removes and returns all traces. */
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

/** The parent of a SERVER or CONSUMER span may be in another process, which sends its spans elsewhere. */
function isComplete(spans: readonly SpanRecord[]): boolean {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans.every(
    ({ parentSpanId, kind }) => parentSpanId === undefined || ids.has(parentSpanId) || kind === 'SERVER' || kind === 'CONSUMER',
  );
}

const startOf = (spans: readonly SpanRecord[]): bigint =>
  spans.reduce((start, span) => (span.startTimeUnixNano < start ? span.startTimeUnixNano : start), spans[0]?.startTimeUnixNano ?? 0n);
