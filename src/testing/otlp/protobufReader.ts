import { OtlpPayloadError } from './payloadError.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads the protobuf wire format, the part of it that OTLP uses.
 *
 * This is our own code, since no OpenTelemetry package exports a request decoder and protobufjs would add 3 MB to a package
 * whose users mostly want `instrument()`. Delete when `@opentelemetry/otlp-transformer` exports one.
 * Every method throws OtlpPayloadError when the bytes end early.
 */
export class ProtobufReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#position >= this.#bytes.length;
  }

  /** Unsigned 64-bit varint, exact. */
  varint(): bigint {
    let low = 0;
    let shift = 0;
    // Up to 28 bits fit small-integer arithmetic: tags, lengths and most values never touch BigInt.
    for (; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt(low);
    }
    let value = BigInt(low);
    for (; shift < 70; shift += 7) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << BigInt(shift);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new OtlpPayloadError('a protobuf varint is longer than ten bytes');
  }

  /** A varint that must fit 32 bits: tags, lengths, enums, counts. */
  varint32(): number {
    return Number(BigInt.asUintN(32, this.varint()));
  }

  fixed32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  fixed64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** A view of the next length-delimited field, not a copy. */
  bytes(): Uint8Array {
    const length = this.varint32();
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  string(): string {
    try {
      return utf8.decode(this.bytes());
    } catch (error) {
      if (error instanceof OtlpPayloadError) throw error;
      throw new OtlpPayloadError('a protobuf string is not UTF-8', { cause: error });
    }
  }

  /** Skips a field this version does not know, as protobuf requires of every reader. */
  skip(wireType: number): void {
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.#take(8);
    else if (wireType === 2) this.#take(this.varint32());
    else if (wireType === 5) this.#take(4);
    else throw new OtlpPayloadError(`protobuf wire type ${String(wireType)} is not used by OTLP`);
  }

  #byte(): number {
    const byte = this.#bytes[this.#position];
    if (byte === undefined) throw new OtlpPayloadError('the protobuf message ends early');
    this.#position += 1;
    return byte;
  }

  #take(length: number): number {
    const start = this.#position;
    if (start + length > this.#bytes.length) throw new OtlpPayloadError('the protobuf message ends early');
    this.#position = start + length;
    return start;
  }
}
