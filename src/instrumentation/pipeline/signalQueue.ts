import { Batcher } from './batcher.js';
import type { BatchCounts, BatchDetails } from './batchCounts.js';
import type { LastRequest } from './otlp/lastRequest.js';
import { exportRequest } from './otlp/encode/exportRequest.js';
import type { EncodedItem, Signalled } from './otlp/encode/exportRequest.js';
import { createOtlpExporter } from './otlp/exporters.js';
import type { OtlpExporter, OtlpExporterOptions } from './otlp/exporters.js';
import { MAX_BATCH_BYTES, maxQueueBytes } from '../settings/batchLimits.js';
import type { BatchLimits } from '../settings/batchLimits.js';
import { DelayedItems } from './delayedItems.js';

/** Queues spans or log records for export by OTLP. */
export interface SignalQueue<T> {
  readonly endpoint: string;
  readonly setHurried: (isHurried: boolean) => void;
  counts(): BatchCounts;
  details(): BatchDetails;
  failures(): ReadonlyMap<string, number>;
  /**
   * The requests that an ending process must still send, see `createLastFlush`. Never throws.
   *
   * A request that the operating system has already taken is not repeated. But receivers drop what they are working on when its
   * sender disconnects, so if nothing else is left, an empty request is sent: once that is answered, the earlier one is too.
   */
  lastRequests(): readonly LastRequest[];
  /**
   * Never throws: it runs inside the host's own code.
   *
   * @param mayChange whether the host may go on changing what the item refers to: it is encoded at once then. Default false
   */
  add(item: T, mayChange?: boolean): void;
  flush(): Promise<void>;
  close(): void;
}

/**
 * Queue and exporter of one signal.
 *
 * An item is encoded as protobuf by `encode` a millisecond after it ended at most, and the queue holds bytes; where JSON is sent, the
 * request is made from those. If items were kept as objects until their batch is full, thousands of spans would survive the young
 * generation and the garbage collector would move each of them twice; and OpenTelemetry's codec encodes every attribute of every
 * span again, and walks it a second time to size it. Together, that was the larger part of what tracing costs
 * a server (docs/comparisons/benchmarks.md).
 */
export function createSignalQueue<T extends Signalled>(
  options: OtlpExporterOptions,
  limits: BatchLimits,
  encode: (item: T) => Uint8Array,
): SignalQueue<T> {
  const exporter = createOtlpExporter<readonly EncodedItem[]>(options, exportRequest);
  const batcher = new Batcher<EncodedItem>({
    ...limits,
    maxQueueBytes: maxQueueBytes(limits),
    maxBatchBytes: MAX_BATCH_BYTES,
    bytesOf: ({ message }) => message.length,
    send: (items, progress) => exporter.send(items, progress),
  });
  const delayed = new DelayedItems<T>((item) => {
    try {
      batcher.add({ resource: item.resource, instrumentationScope: item.instrumentationScope, message: encode(item) });
    } catch {
      // A value that cannot be encoded (a cycle, a hostile getter) loses this item only, and affects neither its batch nor the caller.
      batcher.lose();
    }
  });
  const add = (item: T, mayChange = false): void => {
    delayed.add(item);
    if (mayChange) delayed.handOn();
  };
  return { ...common(batcher, exporter, () => delayed.handOn()), add };
}

/** @param settle to be called before anything is asked of the batcher: it may not have all items yet */
function common<T>(batcher: Batcher<T>, exporter: OtlpExporter<readonly T[]>, settle: () => void): Omit<SignalQueue<never>, 'add'> {
  const settled = (): Batcher<T> => {
    settle();
    return batcher;
  };
  const { endpoint, setHurried, close } = exporter;
  const requestOf = (items: readonly T[]): LastRequest | undefined => {
    try {
      return exporter.lastRequest(items);
    } catch {
      // What cannot be encoded is lost; the rest is not.
      return undefined;
    }
  };
  return {
    endpoint,
    setHurried,
    counts: () => settled().counts,
    details: () => settled().details,
    failures: () => settled().details.failures,
    lastRequests: () => {
      const { batches, isAwaited } = settled().takeUnsent();
      return (batches.length === 0 && isAwaited ? [[]] : batches).flatMap((items) => requestOf(items) ?? []);
    },
    flush: () => settled().flush(),
    close: () => {
      settled().close();
      close();
    },
  };
}
