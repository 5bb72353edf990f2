import { OtlpPayloadError } from './payloadError.js';

/** A decoded OTLP message in either encoding, with its fields not yet checked. */
export type Message = Readonly<Record<string, unknown>>;

/**
 * Reads fields out of a decoded message. Absent and `null` mean the protobuf default, as OTLP/JSON specifies;
 * a value of the wrong type throws OtlpPayloadError with the field's name.
 */
export function asMessage(candidate: unknown, name: string): Message {
  if (typeof candidate !== 'object' || candidate === null || Array.isArray(candidate)) throw wrongType(name, 'an object', candidate);
  return candidate as Message;
}

export function messageField(message: Message, name: string): Message | undefined {
  const field = message[name] ?? undefined;
  return field === undefined ? undefined : asMessage(field, name);
}

export function listField(message: Message, name: string): readonly unknown[] {
  const field = message[name] ?? [];
  if (!Array.isArray(field)) throw wrongType(name, 'an array', field);
  return field as readonly unknown[];
}

export function messagesField(message: Message, name: string): readonly Message[] {
  return listField(message, name).map((entry) => asMessage(entry, name));
}

export function textField(message: Message, name: string): string {
  const field = message[name] ?? '';
  if (typeof field !== 'string') throw wrongType(name, 'a string', field);
  return field;
}

export function booleanField(message: Message, name: string): boolean {
  const field = message[name] ?? false;
  if (typeof field !== 'boolean') throw wrongType(name, 'a boolean', field);
  return field;
}

/** 64-bit integers: OTLP/JSON writes decimal strings and must accept numbers. */
export function integerField(message: Message, name: string): bigint {
  return toInteger(message[name] ?? 0n, name);
}

export function toInteger(candidate: unknown, name: string): bigint {
  if (typeof candidate === 'bigint') return candidate;
  if (typeof candidate === 'number' && Number.isInteger(candidate)) return BigInt(candidate);
  if (typeof candidate === 'string' && /^-?\d{1,20}$/.test(candidate)) return BigInt(candidate);
  throw wrongType(name, 'a 64-bit integer', candidate);
}

export function numberField(message: Message, name: string): number {
  return optionalNumberField(message, name) ?? 0;
}

export function optionalNumberField(message: Message, name: string): number | undefined {
  const field = message[name] ?? undefined;
  return field === undefined ? undefined : toNumber(field, name);
}

/** Doubles: OTLP/JSON writes the three values that JSON lacks as strings. */
export function toNumber(candidate: unknown, name: string): number {
  if (typeof candidate === 'number') return candidate;
  if (typeof candidate === 'bigint') return Number(candidate);
  if (typeof candidate === 'string' && /^(?:NaN|-?Infinity|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(candidate)) return Number(candidate);
  throw wrongType(name, 'a number', candidate);
}

/** Looks an enum number up in its names; OTLP/JSON forbids the names themselves on the wire. */
export function enumField<Name extends string>(message: Message, name: string, names: readonly [Name, ...Name[]]): Name {
  const field = message[name] ?? 0;
  if (typeof field !== 'number') throw wrongType(name, 'an enum number', field);
  return names[field] ?? names[0];
}

function wrongType(name: string, expected: string, got: unknown): OtlpPayloadError {
  const kind = got === null ? 'null' : Array.isArray(got) ? 'an array' : typeof got;
  return new OtlpPayloadError(`field ${name} must be ${expected}, got ${kind}`);
}
