import type { AttributeRecord, AttributeValue, ResourceRecord, ScopeRecord } from '../records.js';
import { asMessage, booleanField, messageField, messagesField, textField, toInteger, toNumber, type Message } from './fields.js';
import { OtlpPayloadError } from './payloadError.js';

/** JSON bodies arrive here with unbounded depth; see the same limit in decodeProtobuf.ts. */
const MAX_DEPTH = 64;

/** The `attributes` list of a message as a record. The last of equal keys wins. */
export function attributesOf(message: Message | undefined, depth = 0): AttributeRecord {
  return message === undefined ? {} : keyValues(messagesField(message, 'attributes'), depth);
}

/** An OTLP AnyValue as a plain value; `null` when it is absent or empty. */
export function anyValue(candidate: unknown, depth = 0): AttributeValue {
  if (candidate === undefined || candidate === null) return null;
  if (depth > MAX_DEPTH) throw new OtlpPayloadError(`values are nested deeper than ${String(MAX_DEPTH)} levels`);
  const value = asMessage(candidate, 'value');
  if (present(value, 'stringValue')) return textField(value, 'stringValue');
  if (present(value, 'boolValue')) return booleanField(value, 'boolValue');
  if (present(value, 'intValue')) return integerValue(value['intValue']);
  if (present(value, 'doubleValue')) return toNumber(value['doubleValue'], 'doubleValue');
  if (present(value, 'bytesValue')) return bytesValue(value['bytesValue']);
  const array = messageField(value, 'arrayValue');
  if (array !== undefined) return messagesField(array, 'values').map((entry) => anyValue(entry, depth + 1));
  const map = messageField(value, 'kvlistValue');
  return map === undefined ? null : keyValues(messagesField(map, 'values'), depth + 1);
}

export function resourceOf(message: Message): ResourceRecord {
  const schemaUrl = textField(message, 'schemaUrl');
  return { attributes: attributesOf(messageField(message, 'resource')), ...(schemaUrl === '' ? {} : { schemaUrl }) };
}

export function scopeOf(message: Message): ScopeRecord {
  const scope = messageField(message, 'scope') ?? {};
  const version = textField(scope, 'version');
  return { name: textField(scope, 'name'), ...(version === '' ? {} : { version }), attributes: attributesOf(scope) };
}

/** fromEntries defines own properties, so a key named `__proto__` stays data. */
const keyValues = (pairs: readonly Message[], depth: number): AttributeRecord =>
  Object.fromEntries(pairs.map((pair) => [textField(pair, 'key'), anyValue(pair['value'], depth)]));

const present = (value: Message, name: string): boolean => (value[name] ?? undefined) !== undefined;

function integerValue(candidate: unknown): number | bigint {
  const integer = toInteger(candidate, 'intValue');
  const asNumber = Number(integer);
  return Number.isSafeInteger(asNumber) ? asNumber : integer;
}

/** Protobuf gives bytes, JSON gives base64. */
function bytesValue(candidate: unknown): Uint8Array {
  if (candidate instanceof Uint8Array) return candidate;
  if (typeof candidate === 'string') return Uint8Array.from(Buffer.from(candidate, 'base64'));
  throw new OtlpPayloadError('field bytesValue must be base64');
}
