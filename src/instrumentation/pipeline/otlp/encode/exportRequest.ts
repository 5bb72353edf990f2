import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import { AttributeWriter } from './attributes.js';
import { writeResource, writeSchemaUrl, writeScope } from './envelope.js';
import { ProtobufWriter } from './protobufWriter.js';

/** Room for tag and length of an item, and for resource and scopes; more is allocated if needed, at the cost of a copy. */
const MAX_HEADER_BYTES = 6;
const OVERHEAD_BYTES = 4096;

/** What a span and a log record have in common. */
export interface Signalled {
  readonly resource: Resource;
  readonly instrumentationScope: InstrumentationScope;
}

/**
 * A span or log record, encoded when it ended: until it is sent, it is bytes, not a graph of objects that the garbage collector
 * has to move.
 */
export interface EncodedItem extends Signalled {
  /** OTLP `Span` or `LogRecord`. */
  readonly message: Uint8Array;
}

/**
 * Encodes an OTLP export request for spans or for log records: the two differ only in their items. All items get the resource
 * of the first: a process has only one.
 */
export function exportRequest(items: readonly EncodedItem[]): Uint8Array {
  const resource = items[0]?.resource;
  if (resource === undefined) return new Uint8Array();
  const writer = new ProtobufWriter(items.reduce((sum, { message }) => sum + message.length + MAX_HEADER_BYTES, OVERHEAD_BYTES));
  const attributes = new AttributeWriter();
  const resourceItems = writer.begin(1);
  writeResource(writer, attributes, resource);
  for (const [scope, messages] of byScope(items)) {
    const scopeItems = writer.begin(2);
    writeScope(writer, scope);
    for (const message of messages) writer.bytes(2, message);
    writeSchemaUrl(writer, scope.schemaUrl);
    writer.end(scopeItems);
  }
  writeSchemaUrl(writer, resource.schemaUrl);
  writer.end(resourceItems);
  return writer.finish();
}

function byScope(items: readonly EncodedItem[]): Map<InstrumentationScope, Uint8Array[]> {
  const groups = new Map<InstrumentationScope, Uint8Array[]>();
  for (const { instrumentationScope, message } of items) {
    const group = groups.get(instrumentationScope);
    if (group === undefined) groups.set(instrumentationScope, [message]);
    else group.push(message);
  }
  return groups;
}
