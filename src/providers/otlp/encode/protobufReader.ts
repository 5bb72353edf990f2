const utf8 = new TextDecoder();

/** Reads the part of protobuf's wire format that OTLP and gRPC's status use. Every method throws a `RangeError` when the bytes end early. */
export class ProtobufReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isDone(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Unsigned, of up to 64 bits. */
  varint(): bigint {
    let low = 0;
    let shift = 0;
    // 28 bits fit a small integer: hardly any value goes beyond.
    for (; shift < 28; shift += 7) {
      const byte = this.#view.getUint8(this.#take(1));
      low |= (byte & 127) << shift;
      if (byte < 128) return BigInt(low);
    }
    let value = BigInt(low);
    for (; shift < 70; shift += 7) {
      const byte = this.#view.getUint8(this.#take(1));
      value |= BigInt(byte & 127) << BigInt(shift);
      if (byte < 128) break;
    }
    return BigInt.asUintN(64, value);
  }

  /** Tags, lengths, enums and counts. */
  uint(): number {
    return Number(this.varint());
  }

  /** Zigzag. */
  sint32(): number {
    const value = this.uint();
    return (value >>> 1) ^ -(value & 1);
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

  /** A view, not a copy. */
  bytes(): Uint8Array {
    const length = this.uint();
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(): string {
    return utf8.decode(this.bytes());
  }

  /** Passes over the value of a field nobody asked for. */
  skip(wireType: number): void {
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.#take(8);
    else if (wireType === 2) this.bytes();
    else if (wireType === 5) this.#take(4);
    else throw new RangeError(`protobuf wire type ${wireType} is not in use`);
  }

  #take(length: number): number {
    const start = this.#at;
    if (start + length > this.#bytes.length) throw new RangeError('the protobuf message ends early');
    this.#at = start + length;
    return start;
  }
}
