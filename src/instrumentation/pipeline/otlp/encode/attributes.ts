import { ProtobufWriter } from './protobufWriter.js';

/** Limits of what is remembered: attribute names, and values of each. */
const MAX_NAMES = 512;
const MAX_VALUES = 64;
const MAX_VALUE_CHARS = 4096;

/** What is remembered of one attribute name. */
interface KnownName {
  /** `KeyValue` messages by value; `undefined` once the name has shown too many values, as ids do. */
  values: Map<string, Uint8Array> | undefined;
}

/**
 * Writes attributes as repeated `KeyValue`.
 *
 * Remembers the encoded form of strings: most attributes of most spans have one of a few values (a method, a tool, a
 * statement), and copying fifty bytes is many times cheaper than encoding them. The limits above bound this.
 */
export class AttributeWriter {
  readonly #names = new Map<string, KnownName>();
  readonly #scratch = new ProtobufWriter();

  write(writer: ProtobufWriter, field: number, attributes: Readonly<Record<string, unknown>>): void {
    for (const name of Object.keys(attributes)) {
      const value = attributes[name];
      const known = typeof value === 'string' ? this.#remembered(name, value) : undefined;
      if (known === undefined) writeKeyValue(writer, field, name, value);
      else writer.bytes(field, known);
    }
  }

  #remembered(name: string, value: string): Uint8Array | undefined {
    let entry = this.#names.get(name);
    if (entry === undefined) {
      if (this.#names.size >= MAX_NAMES) return undefined;
      entry = { values: new Map() };
      this.#names.set(name, entry);
    }
    if (entry.values === undefined) return undefined;
    const known = entry.values.get(value);
    if (known !== undefined || value.length > MAX_VALUE_CHARS) return known;
    if (entry.values.size >= MAX_VALUES) {
      entry.values = undefined;
      return undefined;
    }
    writeName(this.#scratch, name, value);
    const encoded = Uint8Array.from(this.#scratch.take());
    entry.values.set(value, encoded);
    return encoded;
  }
}

function writeKeyValue(writer: ProtobufWriter, field: number, name: string, value: unknown): void {
  const start = writer.begin(field);
  writeName(writer, name, value);
  writer.end(start);
}

function writeName(writer: ProtobufWriter, name: string, value: unknown): void {
  writer.text(1, name);
  writeAnyValue(writer, 2, value);
}

/** Writes an OTLP `AnyValue`; null and what OTLP cannot express become an empty one. */
export function writeAnyValue(writer: ProtobufWriter, field: number, value: unknown): void {
  const start = writer.begin(field);
  if (typeof value === 'string') writer.text(1, value);
  else if (typeof value === 'boolean') writer.uint(2, value ? 1 : 0);
  else if (typeof value === 'number') writeNumber(writer, value);
  else if (value instanceof Uint8Array) writer.bytes(7, value);
  else if (Array.isArray(value)) writeArray(writer, value);
  else if (typeof value === 'object' && value !== null) writeMap(writer, value as Readonly<Record<string, unknown>>);
  writer.end(start);
}

/** Whole numbers beyond this are sent as doubles: as integers they would arrive as other numbers. */
export function isInt64(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63;
}

function writeNumber(writer: ProtobufWriter, value: number): void {
  if (isInt64(value)) writer.int64(3, value);
  else writer.double(4, value);
}

function writeArray(writer: ProtobufWriter, values: readonly unknown[]): void {
  const start = writer.begin(5);
  for (const value of values) writeAnyValue(writer, 1, value);
  writer.end(start);
}

function writeMap(writer: ProtobufWriter, map: Readonly<Record<string, unknown>>): void {
  const start = writer.begin(6);
  for (const name of Object.keys(map)) writeKeyValue(writer, 1, name, map[name]);
  writer.end(start);
}
