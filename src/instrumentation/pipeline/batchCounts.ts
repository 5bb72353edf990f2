import { VALUE_OTHER } from '../../telemetry/semconv.js';
import { FailureCounts } from './failureCounts.js';
import type { Delivery } from './otlp/delivery.js';

/** Where the items of one signal are. `made` is always the sum of the others. */
export interface BatchCounts {
  readonly made: number;
  readonly queued: number;
  /** Handed to the exporter, but not answered yet. */
  readonly inFlight: number;
  readonly delivered: number;
  /** Given up on: the receiver refused them or could not be reached in time. */
  readonly failed: number;
  /** Never tried: too many were queued and in flight, or the item could not be encoded. */
  readonly dropped: number;
}

/** What OpenTelemetry's conventions for metrics about the SDK itself require in addition to the counts, see `observeQueues`. */
export interface BatchDetails {
  /** Failed items by `error.type`. */
  readonly failures: ReadonlyMap<string, number>;
  /** Dropped because the queue was full. */
  readonly queueFull: number;
  /** Dropped because they arrived, or were still queued, after the end. */
  readonly afterClose: number;
  readonly capacity: number;
}

/** Counts what becomes of the items of one signal. Only the queue knows how many are queued. */
export class BatchTally {
  readonly #failures = new FailureCounts();
  #made = 0;
  #inFlight = 0;
  #delivered = 0;
  #failed = 0;
  #dropped = 0;
  #queueFull = 0;
  #afterClose = 0;

  get inFlight(): number {
    return this.#inFlight;
  }

  /** @param queued items in the queue now */
  counts(queued: number): BatchCounts {
    return {
      made: this.#made,
      queued,
      inFlight: this.#inFlight,
      delivered: this.#delivered,
      failed: this.#failed,
      dropped: this.#dropped,
    };
  }

  /** @param capacity maximum number of items held */
  details(capacity: number): BatchDetails {
    return { failures: this.#failures.byType, queueFull: this.#queueFull, afterClose: this.#afterClose, capacity };
  }

  made(): void {
    this.#made += 1;
  }

  /** An item could not be encoded. */
  lost(): void {
    this.#dropped += 1;
  }

  refusedByFullQueue(): void {
    this.#dropped += 1;
    this.#queueFull += 1;
  }

  /** Items arrived, or were still queued, after the end. */
  tooLate(items: number): void {
    this.#dropped += items;
    this.#afterClose += items;
  }

  taken(items: number): void {
    this.#inFlight += items;
  }

  answered(items: number, { delivered, rejected, errorType }: Delivery): void {
    this.#inFlight -= items;
    const refused = delivered ? Math.min(rejected ?? 0, items) : items;
    this.#failed += refused;
    this.#delivered += items - refused;
    if (refused > 0) this.#failures.add(delivered ? 'rejected' : (errorType ?? VALUE_OTHER), refused);
  }
}
