import type { Signal } from '../records.js';

/** The two encodings of OTLP/HTTP. */
export type OtlpEncoding = 'json' | 'protobuf';

/** The `Content-Type` of a request and of its answer. */
export const CONTENT_TYPES: Readonly<Record<OtlpEncoding, string>> = { json: 'application/json', protobuf: 'application/x-protobuf' };

const REJECTED_FIELDS: Readonly<Record<Signal, string>> = {
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
};

/** gRPC codes that the specification requires in the `Status` body of a refusal; any other HTTP status is 2, unknown. */
const GRPC_CODES: Readonly<Record<number, number>> = { 400: 3, 404: 12, 405: 12, 413: 8, 415: 3, 429: 8, 502: 14, 503: 14, 504: 4 };

/** Body of a 200: empty when everything was kept (`partialSuccess` must then be unset), else the count and the reason. */
export function successBody(encoding: OtlpEncoding, signal: Signal, rejected: number, reason: string): Buffer {
  if (encoding === 'json') {
    return jsonBody(rejected === 0 ? {} : { partialSuccess: { [REJECTED_FIELDS[signal]]: String(rejected), errorMessage: reason } });
  }
  return rejected === 0 ? Buffer.alloc(0) : delimited(1, Buffer.concat([numberField(1, rejected), delimited(2, Buffer.from(reason))]));
}

/** Body of a refusal: a `google.rpc.Status`. */
export function statusBody(encoding: OtlpEncoding, httpStatus: number, message: string): Buffer {
  const code = GRPC_CODES[httpStatus] ?? 2;
  return encoding === 'json' ? jsonBody({ code, message }) : Buffer.concat([numberField(1, code), delimited(2, Buffer.from(message))]);
}

const jsonBody = (value: object): Buffer => Buffer.from(JSON.stringify(value));

const numberField = (field: number, value: number): Buffer => Buffer.from([field << 3, ...varint(value)]);

const delimited = (field: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([(field << 3) | 2, ...varint(content.length)]), content]);

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}
