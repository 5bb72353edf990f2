import type { Link, SpanContext, SpanStatus } from '@opentelemetry/api';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';
import { AttributeWriter } from './attributes.js';
import { ProtobufWriter } from './protobufWriter.js';

/** OTLP's `SpanFlags`: the first says that the second is meaningful, the second that the parent (or linked span) was remote. */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

const UNSET = 0;

/** Makes the function that encodes an ended span as the OTLP message `Span` (opentelemetry-proto 1.x, trace.proto). */
export function createSpanEncoder(): (span: ReadableSpan) => Uint8Array {
  const writer = new ProtobufWriter();
  const attributes = new AttributeWriter();

  const writeEvent = (event: TimedEvent): void => {
    const start = writer.begin(11);
    writer.time(1, event.time);
    writer.text(2, event.name);
    attributes.write(writer, 3, event.attributes ?? {});
    writeCount(writer, 4, event.droppedAttributesCount);
    writer.end(start);
  };
  const writeLink = ({ context, attributes: facts, droppedAttributesCount }: Link): void => {
    const start = writer.begin(13);
    writeIds(writer, context);
    attributes.write(writer, 4, facts ?? {});
    writeCount(writer, 5, droppedAttributesCount);
    writer.fixed32(6, flags(context.traceFlags, context.isRemote));
    writer.end(start);
  };

  return (span) => {
    writer.discard();
    const context = span.spanContext();
    writeIds(writer, context);
    if (span.parentSpanContext !== undefined) writer.hex(4, span.parentSpanContext.spanId);
    writer.text(5, span.name);
    // OTLP numbers kinds from 1; 0 means unspecified.
    writer.uint(6, span.kind + 1);
    writer.time(7, span.startTime);
    writer.time(8, span.endTime);
    attributes.write(writer, 9, span.attributes);
    writeCount(writer, 10, span.droppedAttributesCount);
    for (const event of span.events) writeEvent(event);
    writeCount(writer, 12, span.droppedEventsCount);
    for (const link of span.links) writeLink(link);
    writeCount(writer, 14, span.droppedLinksCount);
    writeStatus(writer, span.status);
    writer.fixed32(16, flags(context.traceFlags, span.parentSpanContext?.isRemote));
    return writer.take();
  };
}

function writeIds(writer: ProtobufWriter, { traceId, spanId, traceState }: SpanContext): void {
  writer.hex(1, traceId);
  writer.hex(2, spanId);
  const state = traceState?.serialize() ?? '';
  if (state !== '') writer.text(3, state);
}

function writeCount(writer: ProtobufWriter, field: number, count: number | undefined): void {
  if (count !== undefined && count > 0) writer.uint(field, count);
}

function writeStatus(writer: ProtobufWriter, { code, message }: SpanStatus): void {
  if (code === UNSET) return;
  const start = writer.begin(15);
  if (message !== undefined && message !== '') writer.text(2, message);
  writer.uint(3, code);
  writer.end(start);
}

function flags(traceFlags: number, isRemote: boolean | undefined): number {
  return (traceFlags & 0xff) | HAS_IS_REMOTE | (isRemote === true ? IS_REMOTE : 0);
}
