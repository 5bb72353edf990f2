import { isProxy } from 'node:util/types';
import { symbolNamed } from './pinoInternals.js';
import type { PinoEvent } from './pinoInternals.js';

/** Beginnings of lines that hold added fields: a logger's lines nest when a serializer logs, and related loggers share them. */
const changed = new WeakMap<object, Set<PropertyKey>>();

/**
 * Adds `fields`, as text, to the line that a logger is about to build, after its bindings. Returns a function that leaves the logger as
 * it was; `undefined` if nothing could be added.
 *
 * @param key where the logger keeps its bindings
 * @param bindings what they are without anything of ours
 */
export function addToLine(event: PinoEvent, key: symbol, bindings: string, fields: string): (() => void) | undefined {
  const { instance } = event;
  // Behind a Proxy may be another logger for each request: what is written through it would stay on the wrong one.
  if (isProxy(instance)) return addToBeginning(event, fields);
  const before = Object.getOwnPropertyDescriptor(instance, key);
  instance[key] = bindings + fields;
  return () => {
    if (before === undefined) Reflect.deleteProperty(instance, key);
    else instance[key] = before.value;
  };
}

/** Adds them to the text with which the lines of this level begin, which loggers keep in an object that a Proxy does not stand before. */
function addToBeginning({ instance, arguments: given }: PinoEvent, fields: string): (() => void) | undefined {
  const level = given[2];
  const key = symbolNamed(instance, 'pino.lsCache');
  const beginnings = key === undefined ? undefined : instance[key];
  if (typeof level !== 'number' || typeof beginnings !== 'object' || beginnings === null) return undefined;
  const levels = changed.get(beginnings) ?? new Set();
  const before: unknown = Reflect.get(beginnings, level);
  if (levels.has(level) || typeof before !== 'string' || before === '{') return undefined;
  if (!Reflect.set(beginnings, level, before + fields)) return undefined;
  changed.set(beginnings, levels.add(level));
  return () => {
    levels.delete(level);
    Reflect.set(beginnings, level, before);
  };
}
