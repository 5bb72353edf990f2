const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

interface Field {
  readonly number: number;
  readonly varint: number;
  readonly bytes: Buffer;
}

/**
 * When a receiver wants to be asked again, milliseconds: the `retry_delay` of the `google.rpc.RetryInfo` in the details of a
 * status (`grpc-status-details-bin`, base64 of `google.rpc.Status`). `undefined` when there is none, or nothing that can be read.
 */
export function retryInfoMs(details: unknown): number | undefined {
  if (typeof details !== 'string') return undefined;
  try {
    for (const { number, bytes } of fieldsOf(Buffer.from(details, 'base64'))) {
      if (number !== 3) continue;
      const any = fieldsOf(bytes);
      if (any.find((field) => field.number === 1)?.bytes.toString('utf8') !== RETRY_INFO) continue;
      return durationMs(any.find((field) => field.number === 2)?.bytes);
    }
  } catch {
    // Cut short, or no protobuf: as if nothing had been said.
  }
  return undefined;
}

/** A `RetryInfo` without a delay says that there is none. */
function durationMs(retryInfo: Buffer | undefined): number {
  const duration = retryInfo === undefined ? [] : fieldsOf(fieldsOf(retryInfo).find(({ number }) => number === 1)?.bytes ?? Buffer.alloc(0));
  const [seconds = 0, nanoseconds = 0] = [1, 2].map((wanted) => duration.find(({ number }) => number === wanted)?.varint);
  return Math.max(0, seconds * 1000 + nanoseconds / 1e6);
}

/** @throws when the message is cut short or holds a type that protobuf does not have */
function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at);
      at += 1;
      value |= BigInt(byte & 127) << shift;
      // Negative numbers take ten bytes.
      if (byte < 128 || shift > 63n) return Number(BigInt.asIntN(64, value));
    }
  };
  while (at < message.length) {
    const tag = varint();
    const type = tag & 7;
    const number = tag >>> 3;
    const value = type === VARINT ? varint() : 0;
    const size = type === LENGTH_DELIMITED ? varint() : type === FIXED64 ? 8 : type === FIXED32 ? 4 : 0;
    if (![VARINT, FIXED64, LENGTH_DELIMITED, FIXED32].includes(type) || size < 0 || at + size > message.length) throw new RangeError('not a protobuf message');
    fields.push({ number, varint: value, bytes: message.subarray(at, at + size) });
    at += size;
  }
  return fields;
}
