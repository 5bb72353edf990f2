/** Wire types of the fields OTLP uses; a tag is `field * 8 + type`. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

const DEFAULT_BYTES = 4096;
const SLAB_BYTES = 65_536;
/** Up to this length a loop beats the call into the runtime. */
const SHORT_TEXT = 24;
const TWO_TO_32 = 2 ** 32;

/** Digit value by character code; ids come from OpenTelemetry's generator or a checked `traceparent`, always lower-case hex. */
const HEX_DIGITS = Uint8Array.from({ length: 128 }, (_, code) => Math.max(0, Number.parseInt(String.fromCharCode(code), 16) || 0));

/** Number of bytes a varint takes. */
function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

/**
 * Writes one protobuf message after another into a reused buffer.
 *
 * A nested message whose size is not known goes between `begin` and `end`; `take` hands out the finished message and
 * starts the next.
 */
export class ProtobufWriter {
  #buffer: Buffer;
  #at = 0;
  #slab = Buffer.allocUnsafe(0);
  #slabAt = 0;

  /** @param expectedBytes size of the largest message that is expected; a larger one is moved to a larger buffer */
  constructor(expectedBytes = DEFAULT_BYTES) {
    this.#buffer = Buffer.allocUnsafe(expectedBytes);
  }

  /** Everything that was written, without a copy; nothing may be written afterwards. */
  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#at);
  }

  /** A copy of what was written; finished messages lie side by side in slabs, which saves an allocation each. */
  take(): Uint8Array {
    if (this.#slab.length - this.#slabAt < this.#at) {
      this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, this.#at));
      this.#slabAt = 0;
    }
    const end = this.#slabAt + this.#at;
    this.#buffer.copy(this.#slab, this.#slabAt, 0, this.#at);
    const message = this.#slab.subarray(this.#slabAt, end);
    this.#slabAt = end;
    this.#at = 0;
    return message;
  }

  /** Forgets what was written since the last `take`. */
  discard(): void {
    this.#at = 0;
  }

  /** Opens a nested message; pass what it returns to `end`. */
  begin(field: number): number {
    this.#tag(field, LENGTH_DELIMITED);
    this.#reserve(1);
    this.#at += 1;
    return this.#at;
  }

  /** Closes a nested message: puts its length in front, moving it when the length needs more than the reserved byte. */
  end(start: number): void {
    const length = this.#at - start;
    const more = varintSize(length) - 1;
    if (more > 0) {
      this.#reserve(more);
      this.#buffer.copyWithin(start + more, start, this.#at);
    }
    this.#at = start - 1;
    // This cannot use `#varint`, which makes room first: near the end of the buffer that would move what comes before and lose
    // what comes after.
    this.#digits(length);
    this.#at += length;
  }

  uint(field: number, value: number): void {
    this.#tag(field, VARINT);
    this.#varint(value);
  }

  /** Any whole number in int64's range; negative ones take ten bytes. */
  int64(field: number, value: number): void {
    if (value >= 0 && value <= Number.MAX_SAFE_INTEGER) {
      this.uint(field, value);
      return;
    }
    this.#tag(field, VARINT);
    this.#reserve(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 128n; rest >>= 7n) this.#buffer[this.#at++] = Number(rest & 127n) | 128;
    this.#buffer[this.#at++] = Number(rest);
  }

  fixed32(field: number, value: number): void {
    this.#tag(field, FIXED32);
    this.#reserve(4);
    this.#at = this.#buffer.writeUInt32LE(value >>> 0, this.#at);
  }

  /** A whole number from 0 to 2^53. */
  fixed64(field: number, value: number): void {
    this.#tag(field, FIXED64);
    this.#fixed64(value);
  }

  /** Any whole number in int64's range. */
  sfixed64(field: number, value: number): void {
    this.#tag(field, FIXED64);
    this.#reserve(8);
    this.#at = this.#buffer.writeBigInt64LE(BigInt(value), this.#at);
  }

  /** A zigzag-encoded integer. */
  sint32(field: number, value: number): void {
    this.uint(field, ((value << 1) ^ (value >> 31)) >>> 0);
  }

  packedFixed64(field: number, values: readonly number[]): void {
    this.#packed(field, values, (value) => this.#fixed64(value));
  }

  packedUint(field: number, values: readonly number[]): void {
    this.#packed(field, values, (value) => this.#varint(value));
  }

  packedDouble(field: number, values: readonly number[]): void {
    this.#packed(field, values, (value) => {
      this.#reserve(8);
      this.#at = this.#buffer.writeDoubleLE(value, this.#at);
    });
  }

  double(field: number, value: number): void {
    this.#tag(field, FIXED64);
    this.#reserve(8);
    this.#at = this.#buffer.writeDoubleLE(value, this.#at);
  }

  /** `seconds * 10^9 + nanoseconds` as fixed64. It is beyond 2^53, so it is written in two halves. */
  time(field: number, [seconds, nanoseconds]: readonly [number, number]): void {
    const upper = Math.floor(seconds / 65_536) * 1e9;
    const lower = (seconds % 65_536) * 1e9 + nanoseconds;
    const low = (upper % 65_536) * 65_536 + (lower % TWO_TO_32);
    const high = Math.floor(upper / 65_536) + Math.floor(lower / TWO_TO_32) + Math.floor(low / TWO_TO_32);
    this.#tag(field, FIXED64);
    this.#reserve(8);
    this.#buffer.writeUInt32LE(low % TWO_TO_32, this.#at);
    this.#at = this.#buffer.writeUInt32LE(high, this.#at + 4);
  }

  text(field: number, value: string): void {
    const length = Buffer.byteLength(value);
    this.#tag(field, LENGTH_DELIMITED);
    this.#varint(length);
    this.#reserve(length);
    if (length === value.length && length <= SHORT_TEXT) {
      for (let index = 0; index < length; index += 1) this.#buffer[this.#at + index] = value.charCodeAt(index);
    } else {
      this.#buffer.write(value, this.#at, length, 'utf8');
    }
    this.#at += length;
  }

  /** An id in hexadecimal, as the bytes it stands for. */
  hex(field: number, id: string): void {
    const length = id.length >> 1;
    this.#tag(field, LENGTH_DELIMITED);
    this.#varint(length);
    this.#reserve(length);
    for (let index = 0; index < id.length; index += 2) {
      this.#buffer[this.#at++] = ((HEX_DIGITS[id.charCodeAt(index)] ?? 0) << 4) | (HEX_DIGITS[id.charCodeAt(index + 1)] ?? 0);
    }
  }

  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, LENGTH_DELIMITED);
    this.#varint(value.length);
    this.raw(value);
  }

  /** Bytes that are already protobuf. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#at);
    this.#at += value.length;
  }

  /** Repeated numbers without their tags; an empty list is left out. */
  #packed(field: number, values: readonly number[], write: (value: number) => void): void {
    if (values.length === 0) return;
    const start = this.begin(field);
    for (const value of values) write(value);
    this.end(start);
  }

  #fixed64(value: number): void {
    this.#reserve(8);
    this.#buffer.writeUInt32LE(value % TWO_TO_32, this.#at);
    this.#at = this.#buffer.writeUInt32LE(Math.floor(value / TWO_TO_32), this.#at + 4);
  }

  #tag(field: number, type: number): void {
    this.#varint(field * 8 + type);
  }

  #varint(value: number): void {
    this.#reserve(10);
    this.#digits(value);
  }

  /** Writes where there is already room. */
  #digits(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#buffer[this.#at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#at++] = rest;
  }

  #reserve(length: number): void {
    if (this.#at + length <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + length));
    larger.set(this.#buffer.subarray(0, this.#at));
    this.#buffer = larger;
  }
}
