import { exceptionType } from '../errors/exceptionFields.js';

/** Limits of one exported log record: excess entries are left out, longer texts are truncated. */
export const MAX_ATTRIBUTES = 64;
const MAX_STRING_LENGTH = 4096;
const MAX_DEPTH = 4;
const MAX_NODES = 256;

/** Stands for a value that throws when it is read. */
export const UNREADABLE = '[unreadable]';

/** Counts all that one record holds, so that neither wide nor deep values can grow it without bound. */
export interface Budget {
  nodes: number;
}

export function newBudget(): Budget {
  return { nodes: MAX_NODES };
}

/**
 * Copies a log field to a value that OpenTelemetry can export: the logger's object may change after the call, or hold
 * cycles, getters or class instances. Returns `undefined` when there is nothing to export. A part that cannot be read, because a getter
 * throws, becomes `UNREADABLE`. May throw when that is so of the value itself (`toJSON`, a revoked Proxy).
 */
export function boundedValue(value: unknown, budget: Budget, depth = 0): unknown {
  if (typeof value === 'string') return boundedText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return undefined;
  budget.nodes -= 1;
  if (budget.nodes < 0 || depth >= MAX_DEPTH) return '[…]';
  // Errors carry content in their properties (`detail`, `query`) as well as in their message.
  if (isErrorLike(value)) return { type: exceptionType(value) };
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return boundedValue((value as { toJSON: () => unknown }).toJSON(), budget, depth + 1);
  if (Array.isArray(value)) {
    const items = value.slice(0, Math.max(budget.nodes, 0)) as readonly unknown[];
    return items.map((_item, index) => boundedPart(items, index, budget, depth) ?? null);
  }
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    budget.nodes -= 1;
    if (budget.nodes < 0) break;
    const item = boundedPart(value, key, budget, depth);
    if (item !== undefined) copy[boundedText(key)] = item;
  }
  return copy;
}

function boundedPart(value: object, key: PropertyKey, budget: Budget, depth: number): unknown {
  try {
    return boundedValue((value as Record<PropertyKey, unknown>)[key], budget, depth + 1);
  } catch {
    return UNREADABLE;
  }
}

/** Also true for an error of another realm (`vm`) or without its prototype, and for a serialized one. May throw if a getter does. */
export function isErrorLike(value: unknown): value is Error {
  if (value instanceof Error) return true;
  if (typeof value !== 'object' || value === null || !('stack' in value) || !('message' in value)) return false;
  return typeof value.stack === 'string' && typeof value.message === 'string';
}

export function boundedText(text: string): string {
  return text.length <= MAX_STRING_LENGTH ? text : `${text.slice(0, MAX_STRING_LENGTH)}…`;
}
