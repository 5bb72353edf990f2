import { INVALID_SPAN_CONTEXT, SpanKind, TraceFlags, context, isSpanContextValid, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span, SpanContext, SpanOptions, Tracer } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { IdGenerator, Sampler, SpanLimits, SpanProcessor } from '@opentelemetry/sdk-trace';
import { limitedAttributes } from '../limitedAttributes.js';
import type { SdkModules } from '../sdkModules.js';
import { OwnSpan } from './ownSpan.js';
import type { SpanParts } from './spanParts.js';

export interface OwnTracerOptions {
  readonly sdk: Pick<SdkModules, 'core' | 'trace'>;
  readonly sampler: Sampler;
  readonly ids: IdGenerator;
  readonly limits: Readonly<Required<SpanLimits>>;
  readonly processors: readonly SpanProcessor[];
  readonly resource: Resource;
  readonly scope: InstrumentationScope;
}

/**
 * A tracer that makes the same spans as the SDK's, in less time.
 *
 * The SDK copies the attributes of each span twice, and makes a set for each value of each copy, to find cycles in what is nearly always
 * a text. Together with what it does for metrics about itself, a span with eight attributes costs three times what it costs here
 * (docs/decisions/0093-spans-and-records-of-our-own.md). Sampler, ids, limits and processors are the SDK's interfaces.
 */
export function createOwnTracer(options: OwnTracerOptions): Tracer {
  return new OwnTracer(options);
}

class OwnTracer implements Tracer {
  readonly #options: OwnTracerOptions;
  readonly #parts: SpanParts;

  constructor(options: OwnTracerOptions) {
    const { limits, processors, resource, scope, sdk } = options;
    const ofLinks = {
      attributeCountLimit: limits.attributePerLinkCountLimit,
      attributeValueLengthLimit: limits.attributeValueLengthLimit,
    };
    const linkTo = (to: SpanContext, attributes: Attributes | undefined) =>
      attributes === undefined ? { context: to } : { context: to, ...sdk.core.cleanAttributes(attributes, ofLinks) };
    this.#options = options;
    this.#parts = { core: sdk.core, countsRefused: true, limits, processors, resource, scope, linkTo };
  }

  startSpan(name: string, options: SpanOptions = {}, given: Context = context.active()): Span {
    const { sdk, sampler, ids, processors } = this.#options;
    const from = options.root === true ? trace.deleteSpan(given) : given;
    if (sdk.core.isTracingSuppressed(from)) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    const above = trace.getSpanContext(from);
    const parent = above !== undefined && isSpanContextValid(above) ? above : undefined;
    const spanId = ids.generateSpanId();
    const traceId = parent?.traceId ?? ids.generateTraceId();
    const kind = options.kind ?? SpanKind.INTERNAL;
    const links = options.links?.map(({ context: to, attributes }) => this.#parts.linkTo(to, attributes)) ?? [];
    const start = limitedAttributes(options.attributes, this.#parts);
    const sampled = sampler.shouldSample(from, traceId, name, kind, start.attributes, links);
    const { decision, attributes: more, traceState = parent?.traceState } = sampled;
    const traceFlags = decision === sdk.trace.SamplingDecision.RECORD_AND_SAMPLED ? TraceFlags.SAMPLED : TraceFlags.NONE;
    const spanContext: SpanContext = { traceId, spanId, traceFlags, ...(traceState === undefined ? {} : { traceState }) };
    if (decision === sdk.trace.SamplingDecision.NOT_RECORD) return trace.wrapSpanContext(spanContext);
    const span = new OwnSpan(this.#parts, { name, kind, spanContext, parent, links, startTime: options.startTime, ...start });
    if (more !== undefined) span.setAttributes(more);
    for (const processor of processors) processor.onStart(span, from);
    return span;
  }

  startActiveSpan<F extends (span: Span) => unknown>(name: string, fn: F): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(name: string, options: SpanOptions, fn: F): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(name: string, options: SpanOptions, from: Context, fn: F): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(name: string, ...rest: readonly unknown[]): ReturnType<F> {
    const fn = rest.at(-1) as F;
    const options = rest.length > 1 ? (rest[0] as SpanOptions) : {};
    const from = rest.length > 2 ? ((rest[1] as Context | undefined) ?? context.active()) : context.active();
    const span = this.startSpan(name, options, from);
    return context.with(trace.setSpan(from, span), fn as (span: Span) => ReturnType<F>, undefined, span);
  }
}
