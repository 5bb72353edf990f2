import { SpanStatusCode, diag } from '@opentelemetry/api';
import type { Attributes, AttributeValue, Exception, HrTime, Link, SpanContext, SpanKind, SpanStatus, TimeInput } from '@opentelemetry/api';
import type { Span, TimedEvent } from '@opentelemetry/sdk-trace';
import { addAttribute } from '../limitedAttributes.js';
import { exceptionEvent } from './exceptionEvent.js';
import type { SpanParts, StartedSpan } from './spanParts.js';
import { SpanTimes } from './spanTimes.js';

/**
 * A span that does what the SDK's own does, see `createOwnTracer`. The attributes it starts with belong to it: nobody else keeps them.
 *
 * Its fields are ordinary ones, as the SDK's are: it is the active span of a host's handler, which may put a Proxy or an object derived
 * from it in its place, and private names would throw there.
 */
export class OwnSpan implements Span {
  private readonly _parts: SpanParts;
  private readonly _context: SpanContext;
  private readonly _times: SpanTimes;
  private _attributeCount: number;
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
    this._parts = parts;
    this._context = started.spanContext;
    this._times = new SpanTimes(started.startTime);
    this.name = started.name;
    this.kind = started.kind;
    if (started.parent !== undefined) this.parentSpanContext = started.parent;
    this.attributes = started.attributes;
    this._attributeCount = started.attributeCount;
    this.droppedAttributesCount = started.droppedAttributesCount;
    this.links = started.links;
    const { linkCountLimit } = parts.limits;
    if (this.links.length <= linkCountLimit) return;
    this.droppedLinksCount = this.links.length - linkCountLimit;
    this.links = this.links.slice(this.droppedLinksCount);
  }

  get resource(): SpanParts['resource'] {
    return this._parts.resource;
  }

  get instrumentationScope(): SpanParts['scope'] {
    return this._parts.scope;
  }

  get startTime(): HrTime {
    return this._times.start;
  }

  get endTime(): HrTime {
    return this._times.end;
  }

  get duration(): HrTime {
    return this._times.duration;
  }

  spanContext(): SpanContext {
    return this._context;
  }

  isRecording(): boolean {
    return !this.ended;
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (this._isOver()) return this;
    const added = addAttribute(this.attributes, key, value, this._attributeCount, this._parts);
    if (added === 'new') this._attributeCount += 1;
    else if (added === 'dropped') this.droppedAttributesCount += 1;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const key of Object.keys(attributes)) this.setAttribute(key, attributes[key]);
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (this._isOver()) return this;
    const { core, limits } = this._parts;
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
    this.events.push({ name, time: this._times.at(at), ...cleaned });
    return this;
  }

  addLink({ context, attributes }: Link): this {
    if (this._isOver()) return this;
    const { linkCountLimit } = this._parts.limits;
    if (this.links.length >= linkCountLimit) {
      this.droppedLinksCount += 1;
      if (linkCountLimit === 0) return this;
      this.links.shift();
    }
    this.links.push(this._parts.linkTo(context, attributes));
    return this;
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  setStatus({ code, message }: SpanStatus): this {
    if (this._isOver() || code === SpanStatusCode.UNSET || this.status.code === SpanStatusCode.OK) return this;
    this.status = code === SpanStatusCode.ERROR && typeof message === 'string' ? { code, message } : { code };
    return this;
  }

  updateName(name: string): this {
    if (!this._isOver()) this.name = name;
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    const attributes = exceptionEvent(exception);
    if (attributes === undefined) diag.warn('An exception without type and message was not recorded.');
    else this.addEvent('exception', attributes, time);
  }

  end(endTime?: TimeInput): void {
    if (this._isOver()) return;
    this._times.finish(endTime);
    const { processors } = this._parts;
    for (const processor of processors) processor.onEnding?.(this);
    this.ended = true;
    for (const processor of processors) processor.onEnd(this);
  }

  private _isOver(): boolean {
    if (this.ended) diag.warn(`The span ${this.name} has ended and cannot be changed.`);
    return this.ended;
  }
}
