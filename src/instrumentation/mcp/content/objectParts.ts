import { types } from 'node:util';
import { MAX_KEY_CHARS } from './sensitiveKeys.js';
import type { IsSensitiveKey } from './sensitiveKeys.js';

/** Represents a property whose getter (or proxy) threw. */
export const UNREADABLE = Symbol('unreadable');

/** The parts of an object, produced one by one so that unread parts cost nothing. */
export type Parts =
  | { readonly kind: 'list'; readonly items: Iterable<unknown> }
  | { readonly kind: 'record'; readonly owner: object; readonly entries: Iterable<readonly [key: string, value: unknown]> };

/**
 * Takes an object apart as JSON would: calls `toJSON` first and unwraps boxed primitives. Maps and sets become objects and arrays,
 * binary data becomes its size. Returns `undefined` when `toJSON` or a proxy throws; reading a part never throws.
 */
export function readable(value: object, key: string): Parts | { readonly kind: 'plain'; readonly value: unknown } | undefined {
  try {
    const form = jsonFormOf(value, key);
    return typeof form === 'object' && form !== null ? partsOf(form) : { kind: 'plain', value: form };
  } catch {
    return undefined;
  }
}

function jsonFormOf(value: object, key: string): unknown {
  if (types.isArrayBufferView(value) || types.isAnyArrayBuffer(value)) return `[${value.byteLength} bytes]`;
  if (types.isBoxedPrimitive(value)) return value.valueOf();
  const toJson: unknown = 'toJSON' in value ? value.toJSON : undefined;
  return typeof toJson === 'function' ? (toJson.call(value, key) as unknown) : value;
}

function partsOf(value: object): Parts {
  if (Array.isArray(value)) return { kind: 'list', items: itemsOf(value, value.length) };
  if (types.isSet(value)) return { kind: 'list', items: Set.prototype.values.call(value) };
  if (types.isMap(value)) return { kind: 'record', owner: value, entries: mapEntries(value) };
  return { kind: 'record', owner: value, entries: properties(value, Object.keys(value)) };
}

/** Returns a property, or `UNREADABLE`. */
function read(value: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(value, key) as unknown;
  } catch {
    return UNREADABLE;
  }
}

const LABELS = ['name', 'key', 'header', 'field'] as const;
const LABELLED: ReadonlySet<string> = new Set(['value', 'values', 'val', 'default']);

/** Whether `value` names a secret in one property and holds it in another, as lists of headers and variables do. */
export function holdsLabelledSecret(value: object, isSensitiveKey: IsSensitiveKey): boolean {
  return LABELS.some((label) => {
    const name = read(value, label);
    return typeof name === 'string' && name.length <= MAX_KEY_CHARS && isSensitiveKey(name);
  });
}

export function isLabelled(key: string): boolean {
  return LABELLED.has(key);
}

/** Returns the replacement for the base64 text of images, audio and binary resources: its size in bytes. */
export function blobText(owner: object, key: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (key !== 'blob' && !(key === 'data' && typeof read(owner, 'mimeType') === 'string')) return undefined;
  const padding = value.endsWith('==') ? 2 : Number(value.endsWith('='));
  return `[${Math.max(0, Math.floor((value.length * 3) / 4) - padding)} bytes]`;
}

function* itemsOf(list: readonly unknown[], length: number): Generator {
  for (let index = 0; index < length; index += 1) yield read(list, index);
}

function* mapEntries(map: Map<unknown, unknown>): Generator<readonly [string, unknown]> {
  for (const [key, value] of Map.prototype.entries.call(map) as MapIterator<[unknown, unknown]>) {
    yield [typeof key === 'string' || typeof key === 'number' ? String(key) : `[${typeof key}]`, value];
  }
}

function* properties(owner: object, keys: readonly string[]): Generator<readonly [string, unknown]> {
  for (const key of keys) yield [key, read(owner, key)];
}
