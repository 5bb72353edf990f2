import { integerFromEnv } from './env.js';
import type { Env, Notify } from './env.js';

/** How finished spans or log records wait for export. */
export interface BatchLimits {
  /** Items held at most; what comes on top is dropped and counted. */
  readonly maxQueueSize: number;
  /** Items per request. */
  readonly maxBatchSize: number;
  /** Longest wait of an item before it is sent, milliseconds. */
  readonly scheduleDelayMs: number;
}

/**
 * Sized for 2,000 tool calls a second with 3 spans and 2 log records each: the queues hold five seconds of that, so a
 * collector that pauses (a restart, a long collection) costs nothing, and at most about 60 MB if it stays away.
 * OpenTelemetry's own 2,048 would be full after a third of a second. Batches stay at its 512: encoding more at once would
 * hold the event loop for longer than a tool call takes. One second of delay (theirs: 5) bounds what a kill -9 loses.
 */
const SPANS: BatchLimits = { maxQueueSize: 32_768, maxBatchSize: 512, scheduleDelayMs: 1000 };
const LOGS: BatchLimits = { maxQueueSize: 16_384, maxBatchSize: 512, scheduleDelayMs: 1000 };

export function spanBatchLimits(env: Env, notify: Notify): BatchLimits {
  return fromEnv(env, 'OTEL_BSP', SPANS, notify);
}

export function logBatchLimits(env: Env, notify: Notify): BatchLimits {
  return fromEnv(env, 'OTEL_BLRP', LOGS, notify);
}

function fromEnv(env: Env, prefix: string, defaults: BatchLimits, notify: Notify): BatchLimits {
  const read = (name: string, min: number): number | undefined => integerFromEnv(env, `${prefix}_${name}`, { min, max: 10_000_000 }, notify);
  const maxQueueSize = read('MAX_QUEUE_SIZE', 1) ?? defaults.maxQueueSize;
  const maxBatchSize = read('MAX_EXPORT_BATCH_SIZE', 1) ?? defaults.maxBatchSize;
  return {
    maxQueueSize,
    // OpenTelemetry: the batch size must not exceed the queue size.
    maxBatchSize: Math.min(maxBatchSize, maxQueueSize),
    scheduleDelayMs: read('SCHEDULE_DELAY', 0) ?? defaults.scheduleDelayMs,
  };
}
