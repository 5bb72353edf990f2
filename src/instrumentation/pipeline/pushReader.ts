import { diag } from '@opentelemetry/api';
import type {
  AggregationSelector,
  AggregationTemporalitySelector,
  IMetricReader,
  MetricReader,
  ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { errorMessage } from '../../errors/classify.js';
import { VALUE_OTHER } from '../../telemetry/semconv.js';
import { FailureCounts } from './failureCounts.js';
import type { Delivery } from './otlp/delivery.js';
import type { SdkModules } from '../sdk/sdkModules.js';

/** Exports of collected metrics so far; one export carries the state of every instrument. */
export interface PushCounts {
  readonly delivered: number;
  readonly failed: number;
}

export interface PushReader {
  readonly reader: MetricReader;
  /** Collects and sends now. Never rejects. */
  flush(): Promise<void>;
  counts(): PushCounts;
  /** Exports that failed by `error.type`, and those of which the receiver rejected a part. */
  failures(): ReadonlyMap<string, number>;
}

export interface PushReaderOptions {
  readonly sdk: SdkModules;
  readonly intervalMs: number;
  readonly temporality: AggregationTemporalitySelector;
  /** Default: the SDK's. */
  readonly aggregation?: AggregationSelector;
  /** Attribute sets kept per instrument. Default: 2000. */
  readonly cardinality?: IMetricReader['selectCardinalityLimit'];
  /**
   * Longest time a flush may take, in milliseconds. An instrument whose callback takes longer than half of it is left out of
   * that export.
   */
  readonly flushTimeoutMs: number;
  readonly send: (metrics: ResourceMetrics) => Promise<Delivery>;
}

/** A host's callback gets at least this much time. */
const MIN_COLLECT_MS = 100;

/**
 * Pushes all metrics every `intervalMs` and on flush.
 *
 * The SDK's periodic reader is not used: the timers it sets around a running export keep a finished process alive until its
 * timeout when the collector hangs.
 */
export function createPushReader({
  sdk,
  intervalMs,
  temporality,
  aggregation,
  cardinality,
  flushTimeoutMs,
  send,
}: PushReaderOptions): PushReader {
  // Without a limit, one observable callback that never ends would keep all other instruments from ever being sent.
  const timeoutMillis = Math.max(flushTimeoutMs / 2, MIN_COLLECT_MS);
  const tally = new PushTally();
  let running: Promise<void> | undefined;
  let isStopped = false;

  /** One export at a time: two would race for the same cumulative state and could arrive in the wrong order. */
  const pushOnce = (reader: MetricReader): Promise<void> => {
    running ??= push(reader).finally(() => {
      running = undefined;
    });
    return running;
  };
  const push = async (reader: MetricReader): Promise<void> => {
    if (isStopped) return;
    try {
      const { resourceMetrics, errors } = await reader.collect({ timeoutMillis });
      if (errors.length > 0) diag.error(`metrics: ${errors.length} instruments could not be read: ${errors.map(errorMessage).join('; ')}`);
      if (resourceMetrics.scopeMetrics.length === 0) return;
      tally.answered(await send(resourceMetrics));
    } catch (error) {
      tally.answered({ delivered: false });
      diag.error(`metrics: collection failed: ${errorMessage(error)}`);
    }
  };

  class Reader extends sdk.metrics.MetricReader {
    #timer: NodeJS.Timeout | undefined;

    protected override onInitialized(): void {
      this.#timer = setInterval(() => void pushOnce(this), intervalMs);
      this.#timer.unref();
    }

    protected async onForceFlush(): Promise<void> {
      await running;
      await pushOnce(this);
    }

    protected async onShutdown(): Promise<void> {
      isStopped = true;
      clearInterval(this.#timer);
    }
  }

  const reader = new Reader({
    aggregationTemporalitySelector: temporality,
    ...(aggregation === undefined ? {} : { aggregationSelector: aggregation }),
    ...(cardinality === undefined ? {} : { cardinalitySelector: cardinality }),
  });
  return {
    reader,
    flush: () => reader.forceFlush().catch(() => undefined),
    counts: () => tally.counts,
    failures: () => tally.failures.byType,
  };
}

class PushTally {
  readonly failures = new FailureCounts();
  #delivered = 0;
  #failed = 0;

  get counts(): PushCounts {
    return { delivered: this.#delivered, failed: this.#failed };
  }

  answered({ delivered, rejected = 0, errorType = VALUE_OTHER }: Delivery): void {
    if (delivered) this.#delivered += 1;
    else this.#failed += 1;
    if (!delivered || rejected > 0) this.failures.add(delivered ? 'rejected' : errorType, 1);
  }
}
