import { MESSAGES, type Field, type ScalarType } from './messages.js';
import { OtlpPayloadError } from './payloadError.js';
import { ProtobufReader } from './protobufReader.js';

/** Nested attribute values may not recurse deeper; a hostile body would otherwise overflow the stack. */
const MAX_DEPTH = 64;
const LENGTH_DELIMITED = 2;
/** Wire type of each scalar: 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
const WIRE_TYPES: Readonly<Record<ScalarType, number>> = {
  string: 2,
  hex: 2,
  bytes: 2,
  bool: 0,
  uint32: 0,
  sint32: 0,
  int64: 0,
  uint64: 0,
  fixed32: 5,
  fixed64: 1,
  sfixed64: 1,
  double: 1,
};

/** Decodes one protobuf message into the shape its OTLP/JSON form has, with 64-bit integers as `bigint`. */
export function decodeProtobuf(messageName: string, bytes: Uint8Array, depth = 0): Record<string, unknown> {
  if (depth > MAX_DEPTH) throw new OtlpPayloadError(`values are nested deeper than ${String(MAX_DEPTH)} levels`);
  const table = MESSAGES[messageName] ?? {};
  const reader = new ProtobufReader(bytes);
  const message: Record<string, unknown> = {};
  while (!reader.done) {
    const tag = reader.varint32();
    const wireType = tag & 7;
    const field = table[tag >>> 3];
    if (field === undefined) reader.skip(wireType);
    else readField(reader, field, wireType, message, depth);
  }
  return message;
}

function readField(reader: ProtobufReader, field: Field, wireType: number, message: Record<string, unknown>, depth: number): void {
  if ('message' in field) {
    expectWireType(field, wireType, LENGTH_DELIMITED);
    const decoded = decodeProtobuf(field.message, reader.bytes(), depth + 1);
    if (field.repeated) listOf(message, field.name).push(decoded);
    else message[field.name] = decoded;
    return;
  }
  const expected = WIRE_TYPES[field.scalar];
  if (!field.repeated) {
    expectWireType(field, wireType, expected);
    message[field.name] = readScalar(reader, field.scalar);
  } else if (wireType === LENGTH_DELIMITED && expected !== LENGTH_DELIMITED) {
    const list = listOf(message, field.name);
    const packed = new ProtobufReader(reader.bytes());
    while (!packed.done) list.push(readScalar(packed, field.scalar));
  } else {
    expectWireType(field, wireType, expected);
    listOf(message, field.name).push(readScalar(reader, field.scalar));
  }
}

function expectWireType(field: Field, wireType: number, expected: number): void {
  if (wireType !== expected)
    throw new OtlpPayloadError(`protobuf field ${field.name} has wire type ${String(wireType)}, not ${String(expected)}`);
}

function listOf(message: Record<string, unknown>, name: string): unknown[] {
  const present = message[name];
  if (Array.isArray(present)) return present as unknown[];
  const list: unknown[] = [];
  message[name] = list;
  return list;
}

function readScalar(reader: ProtobufReader, type: ScalarType): unknown {
  switch (type) {
    case 'string':
      return reader.string();
    case 'hex':
      return Buffer.from(reader.bytes()).toString('hex');
    // A copy: the field would otherwise keep the whole request body alive.
    case 'bytes':
      return Uint8Array.from(reader.bytes());
    case 'bool':
      return reader.varint() !== 0n;
    case 'uint32':
      return reader.varint32();
    case 'sint32':
      return zigZag(reader.varint32());
    case 'int64':
      return BigInt.asIntN(64, reader.varint());
    case 'uint64':
      return reader.varint();
    case 'fixed32':
      return reader.fixed32();
    case 'fixed64':
      return reader.fixed64();
    case 'sfixed64':
      return BigInt.asIntN(64, reader.fixed64());
    case 'double':
      return reader.double();
  }
}

/** Protobuf writes signed numbers as 0, -1, 1, -2 … so that small negatives stay short. */
const zigZag = (encoded: number): number => (encoded >>> 1) ^ -(encoded & 1);
