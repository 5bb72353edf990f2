import { Batcher } from './batcher.js';
import type { BatchCounts } from './batcher.js';
import { exportRequest } from './otlp/encode/exportRequest.js';
import type { EncodedItem, Signalled } from './otlp/encode/exportRequest.js';
import { createOtlpExporter } from './otlp/exporters.js';
import type { OtlpExporter, OtlpExporterOptions } from './otlp/exporters.js';
import type { BatchLimits } from './settings/batchLimits.js';

/** Spans or log records on their way out by OTLP. */
export interface SignalQueue<T> {
  readonly endpoint: string;
  readonly setHurried: (isHurried: boolean) => void;
  counts(): BatchCounts;
  /** Never throws: it runs inside the host's own code. */
  add(item: T): void;
  flush(): Promise<void>;
  close(): void;
}

/**
 * Queue and exporter of one signal.
 *
 * For http/protobuf, the default, an item is encoded by `encode` when it ends, and the queue holds bytes. Kept as objects
 * until their batch is full, thousands of spans survive the young generation and the garbage collector moves each of
 * them twice; and OpenTelemetry's codec encodes every attribute of every span anew, and walks it a second time to size
 * it. Together that was the larger part of what tracing costs a server (docs/benchmarks.md). The other protocols go
 * through the SDK's codecs.
 */
export function createSignalQueue<T extends Signalled>(options: OtlpExporterOptions, limits: BatchLimits, encode: (item: T) => Uint8Array): SignalQueue<T> {
  if (options.protocol !== 'http/protobuf') {
    const exporter = createOtlpExporter<readonly T[]>(options);
    const batcher = new Batcher<T>({ ...limits, send: (items) => exporter.send(items) });
    return { ...common(batcher, exporter), add: (item) => batcher.add(item) };
  }
  const exporter = createOtlpExporter<readonly EncodedItem[]>(options, exportRequest);
  const batcher = new Batcher<EncodedItem>({ ...limits, send: (items) => exporter.send(items) });
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

function common<T>(batcher: Batcher<T>, { endpoint, setHurried, close }: OtlpExporter<readonly T[]>): Omit<SignalQueue<never>, 'add'> {
  return {
    endpoint,
    setHurried,
    counts: () => batcher.counts,
    flush: () => batcher.flush(),
    close: () => {
      batcher.close();
      close();
    },
  };
}
