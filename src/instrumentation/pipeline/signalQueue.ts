import { Batcher } from './batcher.js';
import type { BatchCounts, BatchDetails } from './batchCounts.js';
import type { LastRequest } from './otlp/lastRequest.js';
import { exportRequest } from './otlp/encode/exportRequest.js';
import type { EncodedItem, Signalled } from './otlp/encode/exportRequest.js';
import { createOtlpExporter } from './otlp/exporters.js';
import type { OtlpExporter, OtlpExporterOptions } from './otlp/exporters.js';
import type { Progress } from './otlp/progress.js';
import type { BatchLimits } from '../settings/batchLimits.js';

/** What a process that ends at once must still get out, see `createLastFlush`. */
export interface LastWords {
  /** Not sent yet, or not taken by the operating system yet. */
  readonly requests: readonly LastRequest[];
  /** Sent, with the answer outstanding; `again` makes the request anew, for a receiver that did not take it. */
  readonly unanswered: readonly { readonly progress: Progress; readonly again: () => LastRequest | undefined }[];
}

/** Spans or log records on their way out by OTLP. */
export interface SignalQueue<T> {
  readonly endpoint: string;
  readonly setHurried: (isHurried: boolean) => void;
  counts(): BatchCounts;
  details(): BatchDetails;
  /** Takes everything that is not delivered out of the queue, for a process that ends now. Never throws. */
  lastWords(): LastWords;
  /** Never throws: it runs inside the host's own code. */
  add(item: T): void;
  flush(): Promise<void>;
  close(): void;
}

/**
 * Queue and exporter of one signal.
 *
 * An item is encoded as protobuf by `encode` when it ends, and the queue holds bytes; where JSON is sent, a request is made of
 * those. Kept as objects until their batch is full, thousands of spans survive the young generation and the garbage
 * collector moves each of them twice; and OpenTelemetry's codec encodes every attribute of every span anew, and walks it
 * a second time to size it. Together that was the larger part of what tracing costs a server (docs/comparisons/benchmarks.md).
 */
export function createSignalQueue<T extends Signalled>(
  options: OtlpExporterOptions,
  limits: BatchLimits,
  encode: (item: T) => Uint8Array,
): SignalQueue<T> {
  const exporter = createOtlpExporter<readonly EncodedItem[]>(options, exportRequest);
  const batcher = new Batcher<EncodedItem>({ ...limits, send: (items, progress) => exporter.send(items, progress) });
  return {
    ...common(batcher, exporter),
    add: (item) => {
      try {
        batcher.add({ resource: item.resource, instrumentationScope: item.instrumentationScope, message: encode(item) });
      } catch {
        // A value that cannot be encoded (a cycle, a hostile getter) costs this item, not its batch and not the caller.
        batcher.lose();
      }
    },
  };
}

function common<T>(batcher: Batcher<T>, exporter: OtlpExporter<readonly T[]>): Omit<SignalQueue<never>, 'add'> {
  const { endpoint, setHurried, close } = exporter;
  const requestOf = (items: readonly T[]): LastRequest | undefined => {
    try {
      return exporter.lastRequest(items);
    } catch {
      // What cannot be encoded is lost, the rest is not.
      return undefined;
    }
  };
  return {
    endpoint,
    setHurried,
    counts: () => batcher.counts,
    details: () => batcher.details,
    lastWords: () => {
      const { batches, unanswered } = batcher.takeUnsent();
      return {
        requests: batches.flatMap((items) => requestOf(items) ?? []),
        unanswered: unanswered.map(({ items, progress }) => ({ progress, again: () => requestOf(items) })),
      };
    },
    flush: () => batcher.flush(),
    close: () => {
      batcher.close();
      close();
    },
  };
}
