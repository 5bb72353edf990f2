import { BatchTally } from './batchCounts.js';
import type { BatchCounts, BatchDetails } from './batchCounts.js';
import { FlushWaits } from './flushWaits.js';
import type { Delivery } from './otlp/delivery.js';
import { Progress } from './otlp/progress.js';

/** What a process that ends at once still has to see to. */
export interface Unsent<T> {
  /** Neither delivered nor on their way. */
  readonly batches: readonly (readonly T[])[];
  /** Handed to the operating system, not answered yet. */
  readonly unanswered: readonly { readonly items: readonly T[]; readonly progress: Progress }[];
}

export interface BatcherOptions<T> {
  /** Items held at most, queued and in flight together. */
  readonly maxQueueSize: number;
  readonly maxBatchSize: number;
  readonly scheduleDelayMs: number;
  /** Sends one batch. May reject; that counts as not delivered. */
  readonly send: (items: readonly T[], progress: Progress) => Promise<Delivery>;
}

/** Requests in flight at once: enough for a collector that answers in 300 ms to keep up with 6,000 spans a second. */
const MAX_PARALLEL = 4;
/** While a flush waits: what hangs must not keep the rest from being tried in the time there is. */
const MAX_PARALLEL_FLUSHING = 8;

interface UnderWay {
  readonly progress: Progress;
  /** Number of its first item. */
  readonly first: number;
}

/**
 * The queue between ended spans (or log records) and the exporter.
 *
 * Why not the SDK's batch processors: their export timers hold the event loop for up to 30 s when the receiver hangs,
 * `forceFlush` does not wait for the batch in flight, and drops are not counted. Here no timer keeps a process alive,
 * `flush()` waits for everything made before it, and every item is in exactly one of the counts.
 *
 * Items are numbered as they are queued and leave in that order, so a flush is no more than a number to wait for. Whoever
 * flushes again and again while the receiver hangs adds nothing but that.
 */
export class Batcher<T> {
  readonly #options: BatcherOptions<T>;
  #queue: T[] = [];
  /** Items at the head of the queue that a flush wants sent now. */
  #urgent = 0;
  /** Number of the last item that left the queue. */
  #taken = 0;
  #timer: NodeJS.Timeout | undefined;
  #isScheduled = false;
  #isClosed = false;
  readonly #underWay = new Map<readonly T[], UnderWay>();
  readonly #waits = new FlushWaits();
  readonly #tally = new BatchTally();

  constructor(options: BatcherOptions<T>) {
    this.#options = options;
  }

  get counts(): BatchCounts {
    return this.#tally.counts(this.#queue.length);
  }

  get details(): BatchDetails {
    return this.#tally.details(this.#options.maxQueueSize);
  }

  add(item: T): void {
    this.#tally.made();
    if (this.#isClosed) {
      this.#tally.tooLate(1);
      return;
    }
    // What is in flight takes memory as well, and a receiver that hangs keeps it there.
    if (this.#queue.length + this.#tally.inFlight >= this.#options.maxQueueSize) {
      this.#tally.refusedByFullQueue();
      return;
    }
    this.#queue.push(item);
    if (this.#queue.length >= this.#options.maxBatchSize) this.#sendSoon();
    else this.#armTimer();
  }

  /** Counts an item that could not even be queued. */
  lose(): void {
    this.#tally.made();
    this.#tally.lost();
  }

  /** Sends everything queued and waits for it and for what is in flight already. Never rejects; waits as long as `send` does. */
  flush(): Promise<void> {
    this.#clearTimer();
    this.#urgent = this.#queue.length;
    this.#sendUrgent();
    return this.#isOutstanding(this.#lastNumber) ? this.#waits.until(this.#lastNumber) : Promise.resolve();
  }

  /** Takes what was not sent yet; for a process that ends now, whose event loop will not run again. Counted as in flight from then on. */
  takeUnsent(): Unsent<T> {
    const underWay = [...this.#underWay].map(([items, { progress }]) => ({ items, progress }));
    const batches = underWay.filter(({ progress }) => !progress.isHandedOver).map(({ items }) => items);
    while (this.#queue.length > 0) batches.push(this.#takeBatch());
    return { batches, unanswered: underWay.filter(({ progress }) => progress.isHandedOver) };
  }

  /** Stops sending. What is still queued counts as dropped. */
  close(): void {
    this.#isClosed = true;
    this.#clearTimer();
    this.#tally.tooLate(this.#queue.length);
    this.#queue = [];
    this.#urgent = 0;
    this.#endWaits();
  }

  get #lastNumber(): number {
    return this.#taken + this.#queue.length;
  }

  /** Whether that item, or one before it, waits for the receiver or in the queue. */
  #isOutstanding(number: number): boolean {
    if (this.#queue.length > 0 && number > this.#taken) return true;
    for (const { first } of this.#underWay.values()) if (first <= number) return true;
    return false;
  }

  #endWaits(): void {
    this.#waits.end((number) => this.#isOutstanding(number));
  }

  /** From here on its items are in flight. */
  #takeBatch(): T[] {
    const { maxBatchSize } = this.#options;
    const isRest = this.#queue.length <= maxBatchSize;
    const batch = isRest ? this.#queue : this.#queue.splice(0, maxBatchSize);
    if (isRest) this.#queue = [];
    this.#urgent = Math.max(0, this.#urgent - batch.length);
    this.#taken += batch.length;
    this.#tally.taken(batch.length);
    return batch;
  }

  #sendUrgent(): void {
    while (this.#urgent > 0 && this.#underWay.size < MAX_PARALLEL_FLUSHING) void this.#send();
  }

  /** Not in the caller's turn: encoding 512 spans inside `span.end()` would make one request pay for all. */
  #sendSoon(): void {
    if (this.#isScheduled || this.#underWay.size >= MAX_PARALLEL) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#sendNext();
    });
  }

  #sendNext(): void {
    this.#clearTimer();
    if (this.#queue.length === 0) return;
    void this.#send();
    this.#goOn();
  }

  #goOn(): void {
    this.#sendUrgent();
    if (this.#queue.length === 0) return;
    if (this.#queue.length >= this.#options.maxBatchSize) this.#sendSoon();
    else this.#armTimer();
  }

  #armTimer(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#underWay.size < MAX_PARALLEL) this.#sendNext();
    }, this.#options.scheduleDelayMs);
    this.#timer.unref();
  }

  #clearTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #send(): Promise<void> {
    const first = this.#taken + 1;
    const batch = this.#takeBatch();
    const progress = new Progress();
    this.#underWay.set(batch, { progress, first });
    const delivery = await attempt(this.#options.send, batch, progress);
    this.#underWay.delete(batch);
    this.#tally.answered(batch.length, delivery);
    this.#endWaits();
    this.#goOn();
  }
}

async function attempt<T>(send: BatcherOptions<T>['send'], batch: readonly T[], progress: Progress): Promise<Delivery> {
  try {
    return await send(batch, progress);
  } catch {
    return { delivered: false };
  }
}
