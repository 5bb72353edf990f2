import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { AttributeWriter } from './attributes.js';
import type { ProtobufWriter } from './protobufWriter.js';

/** What the requests of all three signals have in common: who sends, and which library made what follows. */
export function writeResource(writer: ProtobufWriter, attributes: AttributeWriter, resource: Resource): void {
  const start = writer.begin(1);
  attributes.write(writer, 1, resource.attributes);
  writer.end(start);
}

export function writeScope(writer: ProtobufWriter, { name, version }: InstrumentationScope): void {
  const start = writer.begin(1);
  writer.text(1, name);
  if (version !== undefined && version !== '') writer.text(2, version);
  writer.end(start);
}

/** The last field of a list of items, of a resource or of a scope. */
export function writeSchemaUrl(writer: ProtobufWriter, schemaUrl: string | undefined): void {
  if (schemaUrl !== undefined && schemaUrl !== '') writer.text(3, schemaUrl);
}
