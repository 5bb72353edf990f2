import type { Signal } from '../../../settings/signals.js';
import { MESSAGES } from './messages.js';
import type { Field, Scalar } from './messages.js';
import { ProtobufReader } from './protobufReader.js';

type JsonMessage = Record<string, unknown>;
type Fields = Readonly<Record<number, Field>>;

/**
 * Converts a request from our protobuf encoders to OTLP/JSON: protobuf's own JSON mapping, with ids in hexadecimal. Integers of
 * 64 bits are strings, and so are `NaN`, `Infinity` and `-Infinity`, for which JSON has no numbers: one of these written as
 * `null`, or an integer as `1e+21`, makes a receiver refuse the whole request.
 *
 * It reads the bytes, not the SDK's objects, so that both encodings always say the same.
 */
export function requestJson(request: Uint8Array, signal: Signal): Uint8Array {
  return Buffer.from(JSON.stringify(messageJson(new ProtobufReader(request), fieldsOf(signal))));
}

/** Reads to the end of the reader's message. */
function messageJson(reader: ProtobufReader, fields: Fields): JsonMessage {
  const json: JsonMessage = {};
  while (!reader.isDone) {
    const tag = reader.uint();
    const field = fields[tag >>> 3];
    if (field === undefined) reader.skip(tag & 7);
    else if (field.message !== undefined) put(json, field, nestedJson(reader, fieldsOf(field.message)));
    else if (field.scalar !== undefined) json[field.name] = field.isRepeated ? listJson(reader, field.scalar) : READ[field.scalar](reader);
  }
  return json;
}

function nestedJson(reader: ProtobufReader, fields: Fields): JsonMessage {
  const outer = reader.enter();
  const json = messageJson(reader, fields);
  reader.leave(outer);
  return json;
}

function put(json: JsonMessage, { name, isRepeated }: Field, value: JsonMessage): void {
  const known = json[name];
  if (!isRepeated) json[name] = value;
  else if (Array.isArray(known)) known.push(value);
  else json[name] = [value];
}

/** Repeated numbers, packed. */
function listJson(reader: ProtobufReader, scalar: Scalar): unknown[] {
  const outer = reader.enter();
  const list: unknown[] = [];
  while (!reader.isDone) list.push(READ[scalar](reader));
  reader.leave(outer);
  return list;
}

const READ: Readonly<Record<Scalar, (reader: ProtobufReader) => unknown>> = {
  text: (reader) => reader.text(),
  hex: (reader) => reader.text('hex'),
  base64: (reader) => reader.text('base64'),
  bool: (reader) => reader.uint() !== 0,
  uint32: (reader) => reader.uint(),
  sint32: (reader) => reader.sint32(),
  fixed32: (reader) => reader.fixed32(),
  int64: (reader) => reader.int64Text(),
  uint64: (reader) => reader.uint64Text(),
  fixed64: (reader) => reader.fixed64Text(),
  sfixed64: (reader) => reader.sfixed64Text(),
  double: (reader) => doubleJson(reader.double()),
};

function doubleJson(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function fieldsOf(message: string): Fields {
  return MESSAGES[message] ?? {};
}
