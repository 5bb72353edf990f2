import { integerFromEnv } from './env.js';
import type { Env, Notify } from './env.js';

/** How much of a span is kept; what comes on top is dropped and counted on the span. */
export interface SpanLimitSettings {
  readonly attributeCountLimit: number;
  /** Characters; Infinity for no limit. */
  readonly attributeValueLengthLimit: number;
  readonly eventCountLimit: number;
  readonly linkCountLimit: number;
  readonly attributePerEventCountLimit: number;
  readonly attributePerLinkCountLimit: number;
}

export interface LogLimitSettings {
  readonly attributeCountLimit: number;
  /** Characters; Infinity for no limit. */
  readonly attributeValueLengthLimit: number;
}

/** The specification's default for all counts. */
export const DEFAULT_COUNT = 128;

export function spanLimitsFromEnv(env: Env, notify: Notify): SpanLimitSettings {
  const read = (name: string): number | undefined => integerFromEnv(env, `OTEL_${name}`, { min: 0, max: 2 ** 31 }, notify);
  return {
    attributeCountLimit: read('SPAN_ATTRIBUTE_COUNT_LIMIT') ?? read('ATTRIBUTE_COUNT_LIMIT') ?? DEFAULT_COUNT,
    attributeValueLengthLimit: read('SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT') ?? read('ATTRIBUTE_VALUE_LENGTH_LIMIT') ?? Infinity,
    eventCountLimit: read('SPAN_EVENT_COUNT_LIMIT') ?? DEFAULT_COUNT,
    linkCountLimit: read('SPAN_LINK_COUNT_LIMIT') ?? DEFAULT_COUNT,
    // The second names are what OpenTelemetry JS alone reads.
    attributePerEventCountLimit: read('EVENT_ATTRIBUTE_COUNT_LIMIT') ?? read('SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT') ?? DEFAULT_COUNT,
    attributePerLinkCountLimit: read('LINK_ATTRIBUTE_COUNT_LIMIT') ?? read('SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT') ?? DEFAULT_COUNT,
  };
}

/** From 1: the SDK takes no 0 for log records. */
export function logLimitsFromEnv(env: Env, notify: Notify): LogLimitSettings {
  const read = (name: string): number | undefined => integerFromEnv(env, `OTEL_${name}`, { min: 1, max: 2 ** 31 }, notify);
  return {
    attributeCountLimit: read('LOGRECORD_ATTRIBUTE_COUNT_LIMIT') ?? read('ATTRIBUTE_COUNT_LIMIT') ?? DEFAULT_COUNT,
    attributeValueLengthLimit: read('LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT') ?? read('ATTRIBUTE_VALUE_LENGTH_LIMIT') ?? Infinity,
  };
}
