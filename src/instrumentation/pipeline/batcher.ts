import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { BatchTally } from './batchCounts.js';
import type { BatchCounts, BatchDetails } from './batchCounts.js';
import { FlushWaits } from './flushWaits.js';
import type { Delivery } from './otlp/delivery.js';
import { Progress } from './otlp/progress.js';

/** What a process that is about to end still has to handle. */
export interface Unsent<T> {
  /** Neither delivered nor on their way. */
  readonly batches: readonly (readonly T[])[];
  /** Whether some were handed to the operating system but are not answered yet. */
  readonly isAwaited: boolean;
}

export interface BatcherOptions<T> {
  /** Maximum number of items held, queued and in flight together. */
  readonly maxQueueSize: number;
  readonly maxBatchSize: number;
  /** The same limits in bytes. An item that is larger than a batch may be is a batch of its own. */
  readonly maxQueueBytes: number;
  readonly maxBatchBytes: number;
  readonly bytesOf: (item: T) => number;
  readonly scheduleDelayMs: number;
  /** Sends one batch. May reject; that counts as not delivered. */
  readonly send: (items: readonly T[], progress: Progress) => Promise<Delivery>;
}

/** Requests in flight at once: enough for a collector that answers in 300 ms to keep up with 6,000 spans a second. */
const MAX_PARALLEL = 4;
/** The limit while a flush waits: requests that hang must not keep the rest from being tried in the time available. */
const MAX_PARALLEL_FLUSHING = 8;

interface UnderWay {
  readonly progress: Progress;
  /** Number of its first item. */
  readonly first: number;
}

/**
 * The queue between ended spans (or log records) and the exporter.
 *
 * The SDK's batch processors are not used: their export timers hold the event loop for up to 30 s when the receiver hangs,
 * `forceFlush` does not wait for the batch in flight, and drops are not counted. Here no timer keeps a process alive, `flush()`
 * waits for everything made before it, and every item is in exactly one of the counts.
 *
 * Items are numbered as they are queued and leave in that order, so a flush only needs a number to wait for. Flushing again and
 * again while the receiver hangs adds nothing but such numbers.
 */
export class Batcher<T> {
  readonly #options: BatcherOptions<T>;
  #queue: T[] = [];
  #queuedBytes = 0;
  #inFlightBytes = 0;
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
    const { maxQueueSize, maxQueueBytes, bytesOf } = this.#options;
    const bytes = bytesOf(item);
    // Items in flight take memory as well, and a receiver that hangs keeps them there.
    const isFull = this.#queue.length + this.#tally.inFlight >= maxQueueSize;
    if (isFull || this.#queuedBytes + this.#inFlightBytes + bytes > maxQueueBytes) {
      this.#tally.refusedByFullQueue();
      return;
    }
    this.#queue.push(item);
    this.#queuedBytes += bytes;
    if (this.#hasFullBatch()) this.#sendSoon();
    else this.#armTimer();
  }

  /** Counts an item that could not even be queued. */
  lose(): void {
    this.#tally.made();
    this.#tally.lost();
  }

  /** Sends everything queued and waits for it and for what is already in flight. Never rejects; waits as long as `send` does. */
  flush(): Promise<void> {
    this.#clearTimer();
    this.#urgent = this.#queue.length;
    this.#sendUrgent();
    return this.#isOutstanding(this.#lastNumber) ? this.#waits.until(this.#lastNumber) : Promise.resolve();
  }

  /**
   * Takes what has not been sent yet, for a process that is ending and whose event loop will not run again. It counts as in
   * flight from then on.
   */
  takeUnsent(): Unsent<T> {
    const underWay = [...this.#underWay];
    const batches = underWay.filter(([, { progress }]) => !progress.isHandedOver).map(([items]) => items);
    const isAwaited = batches.length < underWay.length;
    while (this.#queue.length > 0) batches.push(this.#takeBatch().batch);
    return { batches, isAwaited };
  }

  /** Stops sending. What is still queued counts as dropped. */
  close(): void {
    this.#isClosed = true;
    this.#clearTimer();
    this.#tally.tooLate(this.#queue.length);
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#urgent = 0;
    this.#endWaits();
  }

  get #lastNumber(): number {
    return this.#taken + this.#queue.length;
  }

  /** Whether that item, or one before it, is in flight or queued. */
  #isOutstanding(number: number): boolean {
    if (this.#queue.length > 0 && number > this.#taken) return true;
    for (const { first } of this.#underWay.values()) if (first <= number) return true;
    return false;
  }

  #endWaits(): void {
    this.#waits.end((number) => this.#isOutstanding(number));
  }

  #hasFullBatch(): boolean {
    return this.#queue.length >= this.#options.maxBatchSize || this.#queuedBytes >= this.#options.maxBatchBytes;
  }

  /** Takes the next batch, whose items are in flight from here on. */
  #takeBatch(): { readonly batch: T[]; readonly bytes: number } {
    const { count, bytes } = this.#nextBatch();
    const isRest = this.#queue.length === count;
    const batch = isRest ? this.#queue : this.#queue.splice(0, count);
    if (isRest) this.#queue = [];
    this.#queuedBytes -= bytes;
    this.#inFlightBytes += bytes;
    this.#urgent = Math.max(0, this.#urgent - batch.length);
    this.#taken += batch.length;
    this.#tally.taken(batch.length);
    return { batch, bytes };
  }

  #nextBatch(): { readonly count: number; readonly bytes: number } {
    const { maxBatchSize, maxBatchBytes, bytesOf } = this.#options;
    const most = Math.min(this.#queue.length, maxBatchSize);
    if (most === this.#queue.length && this.#queuedBytes <= maxBatchBytes) return { count: most, bytes: this.#queuedBytes };
    let bytes = 0;
    for (const [count, item] of this.#queue.slice(0, most).entries()) {
      const more = bytesOf(item);
      if (count > 0 && bytes + more > maxBatchBytes) return { count, bytes };
      bytes += more;
    }
    return { count: most, bytes };
  }

  #sendUrgent(): void {
    while (this.#urgent > 0 && this.#underWay.size < MAX_PARALLEL_FLUSHING) void this.#send();
  }

  /** Does not send in the caller's turn of the event loop: encoding 512 spans inside `span.end()` would make one request pay for all. */
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
    if (this.#hasFullBatch()) this.#sendSoon();
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
    const { batch, bytes } = this.#takeBatch();
    const progress = new Progress();
    this.#underWay.set(batch, { progress, first });
    const delivery = await attempt(this.#options.send, batch, progress);
    this.#underWay.delete(batch);
    this.#inFlightBytes -= bytes;
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
