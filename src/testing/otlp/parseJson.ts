import { OtlpPayloadError } from './payloadError.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Cheap hint that a body holds an integer too long for a double. A hit inside a string only costs the slower parse. */
const LONG_INTEGER = /[:[,]\s*-?\d{16,}\s*[,}\]]/;

/** Node passes the source text as a third argument since 21; the ES2024 library types do not include it yet. */
type SourceReviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver?: SourceReviver) => unknown;

const keepLongIntegers: SourceReviver = (_key, value, context) =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '') ? BigInt(context?.source ?? 0) : value;

/** Parses OTLP/JSON. Nanosecond times sent as numbers, which some senders do, keep all their digits as `bigint`. */
export function parseJson(body: Uint8Array): unknown {
  try {
    const text = utf8.decode(body);
    return LONG_INTEGER.test(text) ? parseWithSource(text, keepLongIntegers) : parseWithSource(text);
  } catch (error) {
    throw new OtlpPayloadError('the body is not JSON', { cause: error });
  }
}
