/** How finished spans or log records wait for export. */
export interface BatchLimits {
  /** Maximum number of items held; items beyond that are dropped and counted. */
  readonly maxQueueSize: number;
  /** Items per request. */
  readonly maxBatchSize: number;
  /** Longest time an item waits before it is sent, in milliseconds. */
  readonly scheduleDelayMs: number;
}

/**
 * Sized for 2,000 tool calls a second with 3 spans and 2 log records each: the queues hold five seconds of that, so a collector
 * that pauses (a restart, a long garbage collection) costs nothing, and one that stays away costs at most about 60 MB.
 * OpenTelemetry's own 2,048 would be full after a third of a second. Batches stay at its 512: encoding more at once would block
 * the event loop for longer than a tool call takes. One second of delay (theirs: 5) bounds what a kill -9 loses.
 */
export const SPAN_BATCH: BatchLimits = { maxQueueSize: 32_768, maxBatchSize: 512, scheduleDelayMs: 1000 };
export const LOG_BATCH: BatchLimits = { maxQueueSize: 16_384, maxBatchSize: 512, scheduleDelayMs: 1000 };

/** A collector accepts 4 MiB by gRPC; what comes around the items of a request needs some of it. */
export const MAX_BATCH_BYTES = 3 * 2 ** 20;
const MIN_QUEUE_BYTES = 64 * 2 ** 20;
/** More than nearly all items have. */
const BYTES_PER_ITEM = 2048;

/** Longest time one export may take, in milliseconds (the specification's default). */
export const DEFAULT_EXPORT_TIMEOUT_MS = 30_000;
export const MAX_ITEMS = 10_000_000;

/** OpenTelemetry requires that the batch size does not exceed the queue size. */
export function batchLimits(given: { readonly [Key in keyof BatchLimits]: number | undefined }, defaults: BatchLimits): BatchLimits {
  const maxQueueSize = given.maxQueueSize ?? defaults.maxQueueSize;
  return {
    maxQueueSize,
    maxBatchSize: Math.min(given.maxBatchSize ?? defaults.maxBatchSize, maxQueueSize),
    scheduleDelayMs: given.scheduleDelayMs ?? defaults.scheduleDelayMs,
  };
}

/**
 * Returns how many bytes a queue may hold: items may be large (captured content, long lines of a log), and a collector that stays away
 * must not cost the host its memory. Who asks for a longer queue has the memory for it.
 */
export function maxQueueBytes({ maxQueueSize }: Pick<BatchLimits, 'maxQueueSize'>): number {
  return Math.max(MIN_QUEUE_BYTES, maxQueueSize * BYTES_PER_ITEM);
}
