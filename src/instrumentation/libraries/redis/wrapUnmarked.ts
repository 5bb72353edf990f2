import { wrapMethod } from '../pg/wrapMethod.js';
import type { AnyFunction } from './redisTypes.js';

/**
 * Puts a wrapper around a method, without the marks by which OpenTelemetry's instrumentations would take it for one of theirs.
 * Returns what takes it off.
 */
export function wrapUnmarked(prototype: object, name: string, around: (original: AnyFunction) => AnyFunction): () => void {
  const { restore } = wrapMethod(prototype, name, around, (owner, wrapper) => {
    Object.defineProperty(owner, name, { ...Object.getOwnPropertyDescriptor(owner, name), value: wrapper });
  });
  return restore;
}
