import { isProxy } from 'node:util/types';

/**
 * What pino publishes on its diagnostics channel, and the internals of a logger needed to read it. pino's symbols are private and
 * differ per copy of pino in the process, so they are found by their description. If a new pino renames one, a line loses its trace
 * fields but never breaks; the tests of pinoChannel.ts detect that.
 */

/** Message of `tracing:pino_asJson:start` and `:end`; both get the same object. */
export interface PinoEvent {
  readonly instance: PinoInstance;
  /** Merging object, message, level number, and the time as a JSON fragment (`,"time":1700000000000`). */
  readonly arguments: ArrayLike<unknown>;
  /** The finished line; on `end` only. */
  readonly result?: unknown;
}

export type PinoInstance = Record<PropertyKey, unknown>;

/** The host's functions that shape lines; loggers made from one another share them. */
export interface PinoFormatters {
  log?: (...given: unknown[]) => unknown;
}

/** How a logger turns fields into text, as far as it decides whether we may read the fields instead of the text. */
export interface PinoFormat {
  readonly stringifiers: Readonly<Record<PropertyKey, unknown>>;
  readonly serializers: Readonly<Record<PropertyKey, unknown>>;
  readonly labels: Readonly<Record<number, string>>;
  /** Whether the host has numbered the levels itself: 30 is not `info`. */
  readonly isOwnScale: boolean;
  readonly messageKey: string;
  /** The key of an error that is logged by itself; the serializer `err` applies to it, whatever it is. */
  readonly errorKey: string;
  readonly nestedKey: string | undefined;
  /** Whether something rewrites fields or lines as a whole: wildcard redaction, `formatters.log`. */
  readonly rewrites: boolean;
  /** Present when they have a function `log`. */
  readonly formatters: PinoFormatters | undefined;
  /** The host's final change to a line (masking); applied to our copy too. */
  readonly streamWrite: ((line: string) => unknown) | undefined;
}

/** Returns the property under which a logger keeps its bindings as text, to be put into every line. */
export function chindingsKey(instance: PinoInstance): symbol | undefined {
  return symbolNamed(instance, 'pino.chindings');
}

const formats = new WeakMap<PinoInstance, PinoFormat>();

/** Reads a logger's format once; pino fixes it when the logger is created. Behind a Proxy there may be several loggers. */
export function formatOf(instance: PinoInstance): PinoFormat {
  const cached = formats.get(instance);
  if (cached !== undefined) return cached;
  const read = (name: string): unknown => {
    const key = symbolNamed(instance, name);
    return key === undefined ? undefined : instance[key];
  };
  const formatters = recordOf(instance[Symbol.for('pino.formatters')]);
  const stringifiers = recordOf(read('pino.stringifiers'));
  const wildcard = Object.getOwnPropertySymbols(stringifiers).some((symbol) => symbol.description === 'pino.wildcardFirst');
  const levels = recordOf(instance['levels']);
  const messageKey = read('pino.messageKey');
  const errorKey = read('pino.errorKey');
  const nestedKey = read('pino.nestedKey');
  const streamWrite = recordOf(instance[Symbol.for('pino.hooks')])['streamWrite'];
  const format: PinoFormat = {
    stringifiers,
    serializers: recordOf(instance[Symbol.for('pino.serializers')]),
    labels: recordOf(levels['labels']) as Record<number, string>,
    isOwnScale: recordOf(levels['values'])['info'] !== 30,
    messageKey: typeof messageKey === 'string' ? messageKey : 'msg',
    errorKey: typeof errorKey === 'string' ? errorKey : 'err',
    nestedKey: typeof nestedKey === 'string' ? nestedKey : undefined,
    rewrites: wildcard || typeof formatters['log'] === 'function',
    formatters: typeof formatters['log'] === 'function' ? formatters : undefined,
    streamWrite: typeof streamWrite === 'function' ? (streamWrite as (line: string) => unknown) : undefined,
  };
  if (!isProxy(instance)) formats.set(instance, format);
  return format;
}

/** Symbols found so far by description, one per copy of pino in the process: child loggers are created per request. */
const knownSymbols = new Map<string, symbol[]>();

export function symbolNamed(instance: PinoInstance, description: string): symbol | undefined {
  const known = knownSymbols.get(description) ?? [];
  for (const symbol of known) if (symbol in instance) return symbol;
  let object: object | null = instance;
  while (object !== null) {
    const found = Object.getOwnPropertySymbols(object).find((symbol) => symbol.description === description);
    if (found !== undefined) {
      knownSymbols.set(description, [...known, found]);
      return found;
    }
    object = Object.getPrototypeOf(object) as object | null;
  }
  return undefined;
}

/** Whether a field becomes part of a line: pino leaves out what JSON does not have. */
export function hasWritten(fields: unknown, key: string): boolean {
  if (typeof fields !== 'object' || fields === null || !Object.hasOwn(fields, key)) return false;
  return !['undefined', 'function', 'symbol'].includes(typeof (fields as Record<string, unknown>)[key]);
}

function recordOf(value: unknown): Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>) : {};
}
