import { VALUE_OTHER } from '../telemetry/semconv.js';
import { Progress } from './otlp/progress.js';

/** What became of one batch. */
export interface Delivery {
  readonly delivered: boolean;
  /** Items of a delivered batch that the receiver refused (OTLP partial success). */
  readonly rejected?: number;
  /** Why it was not delivered: an HTTP status, an errno-style code or another word of a small set. */
  readonly errorType?: string;
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

/** The counts as OpenTelemetry's conventions want them told, see `selfMetrics`. */
export interface BatchDetails {
  /** Failed items by `error.type`. */
  readonly failures: ReadonlyMap<string, number>;
  /** Dropped since the queue was full. */
  readonly queueFull: number;
  /** Dropped since they came, or still waited, after the end. */
  readonly afterClose: number;
  readonly capacity: number;
}

/** What a process that ends at once still has to see to. */
export interface Unsent<T> {
  /** Neither delivered nor on their way. */
  readonly batches: readonly (readonly T[])[];
  /** Handed to the operating system, not answered yet. */
  readonly unanswered: readonly { readonly items: readonly T[]; readonly progress: Progress }[];
}

export interface BatcherOptions<T> {
  readonly maxQueueSize: number;
  readonly maxBatchSize: number;
  readonly scheduleDelayMs: number;
  /** Sends one batch. May reject; that counts as not delivered. */
  readonly send: (items: readonly T[], progress: Progress) => Promise<Delivery>;
}

/** Requests in flight at once: enough for a collector that answers in 300 ms to keep up with 6,000 spans a second. */
const MAX_PARALLEL = 4;
/** Kinds of failure told apart; a receiver cannot make us keep more. */
const MAX_FAILURE_TYPES = 20;

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
  /** Taken by a flush and not begun. */
  #waiting: T[][] = [];
  readonly #underWay = new Map<readonly T[], Progress>();
  readonly #failures = new Map<string, number>();
  #queueFull = 0;
  #afterClose = 0;
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

  get details(): BatchDetails {
    return { failures: this.#failures, queueFull: this.#queueFull, afterClose: this.#afterClose, capacity: this.#options.maxQueueSize };
  }

  add(item: T): void {
    this.#made += 1;
    if (this.#isClosed || this.#queue.length >= this.#options.maxQueueSize) {
      this.#dropped += 1;
      if (this.#isClosed) this.#afterClose += 1;
      else this.#queueFull += 1;
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
    // Counted at once, so that no item is missing from the counts while batches wait for their turn.
    this.#inFlight += this.#queue.length;
    while (this.#queue.length > 0) this.#waiting.push(this.#takeBatch());
    const lane = async (): Promise<void> => {
      for (let batch = this.#waiting.shift(); batch !== undefined; batch = this.#waiting.shift()) await this.#track(this.#send(batch));
    };
    const flushing = Promise.all([...earlier, ...Array.from({ length: MAX_PARALLEL }, lane)]);
    this.#flushing.add(flushing);
    await flushing;
    this.#flushing.delete(flushing);
  }

  /** Takes what was not sent yet; for a process that ends now, whose event loop will not run again. Counted as in flight from then on. */
  takeUnsent(): Unsent<T> {
    this.#inFlight += this.#queue.length;
    while (this.#queue.length > 0) this.#waiting.push(this.#takeBatch());
    const underWay = [...this.#underWay].map(([items, progress]) => ({ items, progress }));
    const lost = underWay.filter(({ progress }) => !progress.isHandedOver).map(({ items }) => items);
    return { batches: [...lost, ...this.#waiting.splice(0)], unanswered: underWay.filter(({ progress }) => progress.isHandedOver) };
  }

  /** Stops sending. What is still queued counts as dropped. */
  close(): void {
    this.#isClosed = true;
    this.#clearTimer();
    this.#afterClose += this.#queue.length;
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
    const progress = new Progress();
    this.#underWay.set(batch, progress);
    const { delivered, rejected, errorType } = await attempt(this.#options.send, batch, progress);
    this.#underWay.delete(batch);
    this.#inFlight -= batch.length;
    const refused = delivered ? Math.min(rejected ?? 0, batch.length) : batch.length;
    this.#failed += refused;
    this.#delivered += batch.length - refused;
    if (refused > 0) this.#countFailure(delivered ? 'rejected' : (errorType ?? VALUE_OTHER), refused);
  }

  #countFailure(type: string, count: number): void {
    const key = this.#failures.has(type) || this.#failures.size < MAX_FAILURE_TYPES ? type : VALUE_OTHER;
    this.#failures.set(key, (this.#failures.get(key) ?? 0) + count);
  }
}

async function attempt<T>(send: BatcherOptions<T>['send'], batch: readonly T[], progress: Progress): Promise<Delivery> {
  try {
    return await send(batch, progress);
  } catch {
    return { delivered: false };
  }
}
