/** Reads the part of protobuf's wire format that OTLP and gRPC's status use. Every method throws a `RangeError` if the bytes end early. */
export class ProtobufReader {
  readonly #buffer: Buffer;
  #at = 0;
  #end: number;

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.byteLength;
  }

  get isDone(): boolean {
    return this.#at >= this.#end;
  }

  /** Reads the length of the nested message here and enters it; pass what this returns to `leave`. */
  enter(): number {
    const start = this.#take(this.uint());
    const outer = this.#end;
    this.#end = this.#at;
    this.#at = start;
    return outer;
  }

  leave(outer: number): void {
    this.#end = outer;
  }

  /** Tags, lengths, enums and counts; exact up to 2^53. */
  uint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  /** An integer of 64 bits, in decimal. */
  uint64Text(): string {
    const start = this.#at;
    const value = this.uint();
    return value <= Number.MAX_SAFE_INTEGER ? String(value) : String(BigInt.asUintN(64, this.#bigVarint(start)));
  }

  int64Text(): string {
    const start = this.#at;
    const value = this.uint();
    return value <= Number.MAX_SAFE_INTEGER ? String(value) : String(BigInt.asIntN(64, this.#bigVarint(start)));
  }

  /** A zigzag-encoded integer. */
  sint32(): number {
    const value = this.uint();
    return (value >>> 1) ^ -(value & 1);
  }

  fixed32(): number {
    return this.#buffer.readUInt32LE(this.#take(4));
  }

  fixed64Text(): string {
    return String(this.#buffer.readBigUInt64LE(this.#take(8)));
  }

  sfixed64Text(): string {
    return String(this.#buffer.readBigInt64LE(this.#take(8)));
  }

  double(): number {
    return this.#buffer.readDoubleLE(this.#take(8));
  }

  text(encoding: 'utf8' | 'hex' | 'base64' = 'utf8'): string {
    const length = this.uint();
    const start = this.#take(length);
    return this.#buffer.toString(encoding, start, start + length);
  }

  /** Skips the value of a field that is not needed. */
  skip(wireType: number): void {
    if (wireType === 0) this.uint();
    else if (wireType === 1) this.#take(8);
    else if (wireType === 2) this.#take(this.uint());
    else if (wireType === 5) this.#take(4);
    else throw new RangeError(`protobuf wire type ${wireType} is not supported`);
  }

  #bigVarint(start: number): bigint {
    let value = 0n;
    for (let at = start; at < this.#at; at += 1) value |= BigInt((this.#buffer[at] ?? 0) & 127) << BigInt(7 * (at - start));
    return value;
  }

  #byte(): number {
    const byte = this.#at < this.#end ? this.#buffer[this.#at] : undefined;
    if (byte === undefined) throw new RangeError('the protobuf message ends early');
    this.#at += 1;
    return byte;
  }

  #take(length: number): number {
    const start = this.#at;
    if (start + length > this.#end) throw new RangeError('the protobuf message ends early');
    this.#at = start + length;
    return start;
  }
}
