import { ProtobufReader } from '../encode/protobufReader.js';

const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';
const LENGTH_DELIMITED = 2;
/** Tags of `google.protobuf.Any` and `Duration`. */
const [TYPE_URL, VALUE, SECONDS, NANOSECONDS] = [10, 18, 8, 16];

/**
 * Returns after how long a receiver wants a retry, in milliseconds: the `retry_delay` of the `google.rpc.RetryInfo` in the
 * details of a status (`grpc-status-details-bin`, base64 of `google.rpc.Status`). `undefined` when there is none, or none that
 * can be read.
 */
export function retryInfoMs(details: unknown): number | undefined {
  if (typeof details !== 'string') return undefined;
  try {
    const reader = new ProtobufReader(Buffer.from(details, 'base64'));
    const delays: number[] = [];
    inEach(reader, 3, () => {
      let isRetryInfo = false;
      let ms = 0;
      while (!reader.isDone) {
        const tag = reader.uint();
        if (tag === TYPE_URL) isRetryInfo = reader.text() === RETRY_INFO;
        else if (tag === VALUE && isRetryInfo) ms = nested(reader, () => delayMs(reader));
        else reader.skip(tag & 7);
      }
      // A `RetryInfo` without a delay means a delay of 0.
      if (isRetryInfo) delays.push(Math.max(0, ms));
    });
    return delays[0];
  } catch {
    // Truncated, or not protobuf: treated as absent.
    return undefined;
  }
}

/** Reads the delay of a `RetryInfo`, whose first field is a `google.protobuf.Duration`. */
function delayMs(reader: ProtobufReader): number {
  let ms = 0;
  inEach(reader, 1, () => {
    while (!reader.isDone) {
      const tag = reader.uint();
      if (tag === SECONDS) ms += Number(reader.int64Text()) * 1000;
      else if (tag === NANOSECONDS) ms += Number(reader.int64Text()) / 1e6;
      else reader.skip(tag & 7);
    }
  });
  return ms;
}

/** Reads each message of that field and skips the others. */
function inEach(reader: ProtobufReader, field: number, read: () => void): void {
  while (!reader.isDone) {
    const tag = reader.uint();
    if (tag === field * 8 + LENGTH_DELIMITED) nested(reader, read);
    else reader.skip(tag & 7);
  }
}

function nested<T>(reader: ProtobufReader, read: () => T): T {
  const outer = reader.enter();
  const value = read();
  reader.leave(outer);
  return value;
}
