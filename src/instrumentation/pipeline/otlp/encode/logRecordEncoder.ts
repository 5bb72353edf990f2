import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { AttributeWriter, writeAnyValue } from './attributes.js';
import { ProtobufWriter } from './protobufWriter.js';

/** Makes the function that encodes a log record as the OTLP message `LogRecord` (opentelemetry-proto 1.x, logs.proto). */
export function createLogRecordEncoder(): (record: ReadableLogRecord) => Uint8Array {
  const writer = new ProtobufWriter();
  const attributes = new AttributeWriter();

  return (record) => {
    writer.discard();
    writer.time(1, record.hrTime);
    if (record.severityNumber !== undefined) writer.uint(2, record.severityNumber);
    if (record.severityText !== undefined) writer.text(3, record.severityText);
    if (record.body !== undefined) writeAnyValue(writer, 5, record.body);
    attributes.write(writer, 6, record.attributes);
    if (record.droppedAttributesCount > 0) writer.uint(7, record.droppedAttributesCount);
    if (record.spanContext !== undefined) {
      writer.fixed32(8, record.spanContext.traceFlags);
      writer.hex(9, record.spanContext.traceId);
      writer.hex(10, record.spanContext.spanId);
    }
    writer.time(11, record.hrTimeObserved);
    if (record.eventName !== undefined) writer.text(12, record.eventName);
    return writer.take();
  };
}
