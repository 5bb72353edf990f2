import { ProtobufReader } from '../encode/protobufReader.js';

const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';
const LENGTH_DELIMITED = 2;

/**
 * When a receiver wants to be asked again, milliseconds: the `retry_delay` of the `google.rpc.RetryInfo` in the details of a
 * status (`grpc-status-details-bin`, base64 of `google.rpc.Status`). `undefined` when there is none, or nothing that can be read.
 */
export function retryInfoMs(details: unknown): number | undefined {
  if (typeof details !== 'string') return undefined;
  try {
    for (const detail of nested(Buffer.from(details, 'base64'), 3)) {
      const [type] = nested(detail, 1);
      // A `RetryInfo` without a delay says that there is none.
      if (Buffer.from(type ?? []).toString('utf8') === RETRY_INFO) return nested(detail, 2).flatMap((info) => nested(info, 1)).map(durationMs)[0] ?? 0;
    }
  } catch {
    // Cut short, or no protobuf: as if nothing had been said.
  }
  return undefined;
}

/** `google.protobuf.Duration`. */
function durationMs(duration: Uint8Array): number {
  const reader = new ProtobufReader(duration);
  let ms = 0;
  while (!reader.isDone) {
    const tag = reader.uint();
    if (tag === 8) ms += Number(BigInt.asIntN(64, reader.varint())) * 1000;
    else if (tag === 16) ms += Number(BigInt.asIntN(64, reader.varint())) / 1e6;
    else reader.skip(tag & 7);
  }
  return Math.max(0, ms);
}

/** The texts, bytes or messages in one field. */
function nested(message: Uint8Array, field: number): Uint8Array[] {
  const reader = new ProtobufReader(message);
  const found: Uint8Array[] = [];
  while (!reader.isDone) {
    const tag = reader.uint();
    if (tag === field * 8 + LENGTH_DELIMITED) found.push(reader.bytes());
    else reader.skip(tag & 7);
  }
  return found;
}
