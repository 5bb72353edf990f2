/** What became of one batch. */
export interface Delivery {
  readonly delivered: boolean;
  /** Items of a delivered batch that the receiver refused (OTLP partial success). */
  readonly rejected?: number;
}

/** Where the items of one signal are. `made` = the sum of the others, always. */
export interface BatchCounts {
  readonly made: number;
  readonly queued: number;
  /** Handed to the exporter, not answered yet. */
  readonly inFlight: number;
  readonly delivered: number;
  /** Given up on: the receiver refused them or could not be reached in time. */
  readonly failed: number;
  /** Never tried: the queue was full, or the item could not be encoded. */
  readonly dropped: number;
}

export interface BatcherOptions<T> {
  readonly maxQueueSize: number;
  readonly maxBatchSize: number;
  readonly scheduleDelayMs: number;
  /** Sends one batch. May reject; that counts as not delivered. */
  readonly send: (items: readonly T[]) => Promise<Delivery>;
}

/** Requests in flight at once: enough for a collector that answers in 300 ms to keep up with 6,000 spans a second. */
const MAX_PARALLEL = 4;

/**
 * The queue between ended spans (or log records) and the exporter.
 *
 * Why not the SDK's batch processors: their export timers hold the event loop for up to 30 s when the receiver hangs,
 * `forceFlush` does not wait for the batch in flight, and drops are not counted. Here no timer keeps a process alive,
 * `flush()` waits for everything made before it, and every item is in exactly one of the counts.
 */
export class Batcher<T> {
  readonly #options: BatcherOptions<T>;
  #queue: T[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isScheduled = false;
  #isClosed = false;
  readonly #running = new Set<Promise<void>>();
  /** Flushes under way: batches they have taken and not begun are in no other list. */
  readonly #flushing = new Set<Promise<unknown>>();
  #inFlight = 0;
  #made = 0;
  #delivered = 0;
  #failed = 0;
  #dropped = 0;

  constructor(options: BatcherOptions<T>) {
    this.#options = options;
  }

  get counts(): BatchCounts {
    return { made: this.#made, queued: this.#queue.length, inFlight: this.#inFlight, delivered: this.#delivered, failed: this.#failed, dropped: this.#dropped };
  }

  add(item: T): void {
    this.#made += 1;
    if (this.#isClosed || this.#queue.length >= this.#options.maxQueueSize) {
      this.#dropped += 1;
      return;
    }
    this.#queue.push(item);
    if (this.#queue.length >= this.#options.maxBatchSize) this.#sendSoon();
    else this.#armTimer();
  }

  /** Counts an item that could not even be queued. */
  lose(): void {
    this.#made += 1;
    this.#dropped += 1;
  }

  /** Sends everything queued and waits for it and for what is in flight already. Never rejects; waits as long as `send` does. */
  async flush(): Promise<void> {
    this.#clearTimer();
    const earlier = [...this.#running, ...this.#flushing];
    const batches: T[][] = [];
    while (this.#queue.length > 0) batches.push(this.#takeBatch());
    // Counted at once, so that no item is missing from the counts while batches wait for their turn.
    for (const batch of batches) this.#inFlight += batch.length;
    const lane = async (): Promise<void> => {
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) await this.#track(this.#send(batch));
    };
    const flushing = Promise.all([...earlier, ...Array.from({ length: MAX_PARALLEL }, lane)]);
    this.#flushing.add(flushing);
    await flushing;
    this.#flushing.delete(flushing);
  }

  /** Stops sending. What is still queued counts as dropped. */
  close(): void {
    this.#isClosed = true;
    this.#clearTimer();
    this.#dropped += this.#queue.length;
    this.#queue = [];
  }

  #takeBatch(): T[] {
    const { maxBatchSize } = this.#options;
    if (this.#queue.length > maxBatchSize) return this.#queue.splice(0, maxBatchSize);
    const all = this.#queue;
    this.#queue = [];
    return all;
  }

  /** Not in the caller's turn: encoding 512 spans inside `span.end()` would make one request pay for all. */
  #sendSoon(): void {
    if (this.#isScheduled || this.#running.size >= MAX_PARALLEL) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#sendNext();
    });
  }

  #sendNext(): void {
    this.#clearTimer();
    if (this.#queue.length === 0) return;
    const batch = this.#takeBatch();
    this.#inFlight += batch.length;
    void this.#track(this.#send(batch));
    this.#goOn();
  }

  #goOn(): void {
    if (this.#isClosed || this.#queue.length === 0) return;
    if (this.#queue.length >= this.#options.maxBatchSize) this.#sendSoon();
    else this.#armTimer();
  }

  #armTimer(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#running.size < MAX_PARALLEL) this.#sendNext();
    }, this.#options.scheduleDelayMs);
    this.#timer.unref();
  }

  #clearTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #track(sending: Promise<void>): Promise<void> {
    this.#running.add(sending);
    await sending;
    this.#running.delete(sending);
    this.#goOn();
  }

  async #send(batch: readonly T[]): Promise<void> {
    const { delivered, rejected } = await attempt(this.#options.send, batch);
    this.#inFlight -= batch.length;
    const refused = delivered ? Math.min(rejected ?? 0, batch.length) : batch.length;
    this.#failed += refused;
    this.#delivered += batch.length - refused;
  }
}

async function attempt<T>(send: BatcherOptions<T>['send'], batch: readonly T[]): Promise<Delivery> {
  try {
    return await send(batch);
  } catch {
    return { delivered: false };
  }
}
