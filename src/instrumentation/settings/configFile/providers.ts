import { batchLimits, DEFAULT_EXPORT_TIMEOUT_MS, LOG_BATCH, MAX_ITEMS, SPAN_BATCH } from '../batchLimits.js';
import type { BatchLimits } from '../batchLimits.js';
import { DEFAULT_COUNT } from '../limits.js';
import type { LogLimitSettings, SpanLimitSettings } from '../limits.js';
import { MAX_TIMER_MS } from '../otlpTarget.js';
import type { BatchOutlet, LogSettings, TraceSettings } from '../otelSettings.js';
import type { ConfigNode } from './configNode.js';
import { exporterOf, timeoutOf } from './otlpExporter.js';
import type { FileContext } from './otlpExporter.js';

/** Reads `tracer_provider` or `logger_provider`; without it the signal is off. */
export function batchedSignal(
  provider: ConfigNode | undefined,
  signal: 'traces' | 'logs',
  context: FileContext,
): TraceSettings & LogSettings {
  const outlets: BatchOutlet[] = [];
  let isPrinted = false;
  for (const processor of provider?.list('processors') ?? []) {
    const [name, content] = processor.choice();
    if (name !== 'batch' && name !== 'simple') {
      processor.notify(name, 'is not supported and is ignored. Use batch or simple');
      continue;
    }
    const exporter = content.child('exporter');
    const longestMs = (name === 'batch' ? timeoutOf(content, 'export_timeout') : undefined) ?? DEFAULT_EXPORT_TIMEOUT_MS;
    const batch = limitsOf(content, name, signal === 'traces' ? SPAN_BATCH : LOG_BATCH);
    const choice = exporter === undefined ? undefined : exporterOf(exporter, signal, longestMs, context);
    if (choice?.kind === 'otlp') outlets.push({ target: choice.target, batch });
    else if (choice?.kind === 'console') isPrinted = true;
  }
  return { otlp: outlets.length > 0, console: isPrinted, protocol: outlets[0]?.target.protocol ?? 'http/protobuf', outlets };
}

/**
 * With `simple`, what ended in one turn of the event loop is sent in the next: nothing waits, but a request may hold more than
 * one span.
 */
function limitsOf(node: ConfigNode, kind: 'batch' | 'simple', defaults: BatchLimits): BatchLimits {
  if (kind === 'simple') return { ...defaults, scheduleDelayMs: 0 };
  return batchLimits(
    {
      maxQueueSize: node.integer('max_queue_size', { min: 1, max: MAX_ITEMS }),
      maxBatchSize: node.integer('max_export_batch_size', { min: 1, max: MAX_ITEMS }),
      scheduleDelayMs: node.integer('schedule_delay', { min: 0, max: MAX_TIMER_MS }),
    },
    defaults,
  );
}

const COUNTS = { min: 0, max: 2 ** 31 };

/** `tracer_provider.limits` takes precedence over `attribute_limits`. */
export function spanLimitsFromFile(limits: ConfigNode | undefined, general: ConfigNode | undefined): SpanLimitSettings {
  const count = (key: string): number => limits?.integer(key, COUNTS) ?? DEFAULT_COUNT;
  return {
    ...attributeLimits(limits, general),
    eventCountLimit: count('event_count_limit'),
    linkCountLimit: count('link_count_limit'),
    attributePerEventCountLimit: count('event_attribute_count_limit'),
    attributePerLinkCountLimit: count('link_attribute_count_limit'),
  };
}

/** `logger_provider.limits` takes precedence over `attribute_limits`. */
export function logLimitsFromFile(limits: ConfigNode | undefined, general: ConfigNode | undefined): LogLimitSettings {
  return attributeLimits(limits, general);
}

function attributeLimits(limits: ConfigNode | undefined, general: ConfigNode | undefined): LogLimitSettings {
  const read = (key: string): number | undefined => limits?.integer(key, COUNTS) ?? general?.integer(key, COUNTS);
  return {
    attributeCountLimit: read('attribute_count_limit') ?? DEFAULT_COUNT,
    attributeValueLengthLimit: read('attribute_value_length_limit') ?? Infinity,
  };
}
