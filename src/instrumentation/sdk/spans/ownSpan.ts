import { SpanStatusCode, diag } from '@opentelemetry/api';
import type { Attributes, AttributeValue, Exception, HrTime, Link, SpanContext, SpanKind, SpanStatus, TimeInput } from '@opentelemetry/api';
import type { Span, TimedEvent } from '@opentelemetry/sdk-trace';
import { addAttribute } from '../limitedAttributes.js';
import { exceptionEvent } from './exceptionEvent.js';
import type { SpanParts, StartedSpan } from './spanParts.js';
import { SpanTimes } from './spanTimes.js';

/**
 * A span that does what the SDK's own does, see `createOwnTracer`. The attributes it starts with belong to it: nobody else keeps them.
 */
export class OwnSpan implements Span {
  readonly #parts: SpanParts;
  readonly #context: SpanContext;
  readonly #times: SpanTimes;
  #attributeCount: number;
  name: string;
  readonly kind: SpanKind;
  readonly parentSpanContext?: SpanContext;
  readonly attributes: Attributes;
  links: Link[];
  readonly events: TimedEvent[] = [];
  status: SpanStatus = { code: SpanStatusCode.UNSET };
  ended = false;
  droppedAttributesCount: number;
  droppedEventsCount = 0;
  droppedLinksCount = 0;

  constructor(parts: SpanParts, started: StartedSpan) {
    this.#parts = parts;
    this.#context = started.spanContext;
    this.#times = new SpanTimes(started.startTime);
    this.name = started.name;
    this.kind = started.kind;
    if (started.parent !== undefined) this.parentSpanContext = started.parent;
    this.attributes = started.attributes;
    this.#attributeCount = started.attributeCount;
    this.droppedAttributesCount = started.droppedAttributesCount;
    this.links = started.links;
    const { linkCountLimit } = parts.limits;
    if (this.links.length <= linkCountLimit) return;
    this.droppedLinksCount = this.links.length - linkCountLimit;
    this.links = this.links.slice(this.droppedLinksCount);
  }

  get resource(): SpanParts['resource'] {
    return this.#parts.resource;
  }

  get instrumentationScope(): SpanParts['scope'] {
    return this.#parts.scope;
  }

  get startTime(): HrTime {
    return this.#times.start;
  }

  get endTime(): HrTime {
    return this.#times.end;
  }

  get duration(): HrTime {
    return this.#times.duration;
  }

  spanContext(): SpanContext {
    return this.#context;
  }

  isRecording(): boolean {
    return !this.ended;
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (this.#isOver()) return this;
    const added = addAttribute(this.attributes, key, value, this.#attributeCount, this.#parts);
    if (added === 'new') this.#attributeCount += 1;
    else if (added === 'dropped') this.droppedAttributesCount += 1;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const key of Object.keys(attributes)) this.setAttribute(key, attributes[key]);
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (this.#isOver()) return this;
    const { core, limits } = this.#parts;
    if (limits.eventCountLimit === 0) {
      this.droppedEventsCount += 1;
      return this;
    }
    if (this.events.length >= limits.eventCountLimit) {
      this.events.shift();
      this.droppedEventsCount += 1;
    }
    const isTime = core.isTimeInput(attributesOrTime);
    const at = isTime && !core.isTimeInput(time) ? attributesOrTime : time;
    const cleaned = core.cleanSimpleAttributes(isTime ? undefined : attributesOrTime, {
      attributeCountLimit: limits.attributePerEventCountLimit,
      attributeValueLengthLimit: limits.attributeValueLengthLimit,
    });
    this.events.push({ name, time: this.#times.at(at), ...cleaned });
    return this;
  }

  addLink({ context, attributes }: Link): this {
    if (this.#isOver()) return this;
    const { linkCountLimit } = this.#parts.limits;
    if (this.links.length >= linkCountLimit) {
      this.droppedLinksCount += 1;
      if (linkCountLimit === 0) return this;
      this.links.shift();
    }
    this.links.push(this.#parts.linkTo(context, attributes));
    return this;
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  setStatus({ code, message }: SpanStatus): this {
    if (this.#isOver() || code === SpanStatusCode.UNSET || this.status.code === SpanStatusCode.OK) return this;
    this.status = code === SpanStatusCode.ERROR && typeof message === 'string' ? { code, message } : { code };
    return this;
  }

  updateName(name: string): this {
    if (!this.#isOver()) this.name = name;
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    const attributes = exceptionEvent(exception);
    if (attributes === undefined) diag.warn('An exception without type and message was not recorded.');
    else this.addEvent('exception', attributes, time);
  }

  end(endTime?: TimeInput): void {
    if (this.#isOver()) return;
    this.#times.finish(endTime);
    const { processors } = this.#parts;
    for (const processor of processors) processor.onEnding?.(this);
    this.ended = true;
    for (const processor of processors) processor.onEnd(this);
  }

  #isOver(): boolean {
    if (this.ended) diag.warn(`The span ${this.name} has ended and cannot be changed.`);
    return this.ended;
  }
}
