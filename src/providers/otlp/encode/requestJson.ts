import type { Signal } from '../../settings/signals.js';
import { MESSAGES } from './messages.js';
import type { Scalar } from './messages.js';
import { ProtobufReader } from './protobufReader.js';

type JsonMessage = Record<string, unknown>;

/**
 * A request of our protobuf encoders as OTLP/JSON: protobuf's own JSON mapping, with ids in hexadecimal. Integers of 64 bits
 * are strings, and so are `NaN`, `Infinity` and `-Infinity`, for which JSON has no numbers: written as `null`, or an
 * integer as `1e+21`, one of them makes a receiver refuse the whole request.
 *
 * From the bytes, not from what the SDK hands out, so that both encodings always say the same.
 */
export function requestJson(request: Uint8Array, signal: Signal): Uint8Array {
  return Buffer.from(JSON.stringify(messageJson(request, signal)));
}

function messageJson(bytes: Uint8Array, name: string): JsonMessage {
  const fields = MESSAGES[name] ?? {};
  const reader = new ProtobufReader(bytes);
  const json: JsonMessage = {};
  while (!reader.isDone) {
    const tag = reader.uint();
    const field = fields[tag >>> 3];
    if (field === undefined) reader.skip(tag & 7);
    else if (field.message !== undefined) put(json, field.name, messageJson(reader.bytes(), field.message), field.isRepeated);
    else if (field.scalar !== undefined) json[field.name] = field.isRepeated ? listJson(reader.bytes(), field.scalar) : scalarJson(reader, field.scalar);
  }
  return json;
}

function put(json: JsonMessage, name: string, value: unknown, isRepeated: boolean): void {
  const known = json[name];
  if (!isRepeated) json[name] = value;
  else if (Array.isArray(known)) known.push(value);
  else json[name] = [value];
}

/** Repeated numbers, packed. */
function listJson(bytes: Uint8Array, scalar: Scalar): unknown[] {
  const reader = new ProtobufReader(bytes);
  const list: unknown[] = [];
  while (!reader.isDone) list.push(scalarJson(reader, scalar));
  return list;
}

const READ: Readonly<Record<Scalar, (reader: ProtobufReader) => unknown>> = {
  text: (reader) => reader.text(),
  hex: (reader) => Buffer.from(reader.bytes()).toString('hex'),
  base64: (reader) => Buffer.from(reader.bytes()).toString('base64'),
  bool: (reader) => reader.uint() !== 0,
  uint32: (reader) => reader.uint(),
  sint32: (reader) => reader.sint32(),
  fixed32: (reader) => reader.fixed32(),
  int64: (reader) => String(BigInt.asIntN(64, reader.varint())),
  uint64: (reader) => String(reader.varint()),
  fixed64: (reader) => String(reader.fixed64()),
  sfixed64: (reader) => String(BigInt.asIntN(64, reader.fixed64())),
  double: (reader) => doubleJson(reader.double()),
};

function scalarJson(reader: ProtobufReader, scalar: Scalar): unknown {
  return READ[scalar](reader);
}

function doubleJson(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
