import type { Attributes, Link, SpanContext, SpanKind, TimeInput } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { SpanLimits, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { AttributeRules, LimitedAttributes } from '../limitedAttributes.js';

/** What all spans of a tracer share. */
export interface SpanParts extends AttributeRules {
  readonly limits: Readonly<Required<SpanLimits>>;
  readonly processors: readonly SpanProcessor[];
  readonly resource: Resource;
  readonly scope: InstrumentationScope;
  /** Returns a link whose attributes are within the limits. */
  readonly linkTo: (context: SpanContext, attributes: Attributes | undefined) => Link;
}

/** What a new span is given. */
export interface StartedSpan extends LimitedAttributes {
  readonly name: string;
  readonly kind: SpanKind;
  readonly spanContext: SpanContext;
  readonly parent: SpanContext | undefined;
  /** With attributes within the limits. */
  readonly links: Link[];
  /** Default: now. */
  readonly startTime: TimeInput | undefined;
}
