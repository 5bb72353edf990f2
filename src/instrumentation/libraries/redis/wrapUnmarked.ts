import { wrapMethod } from '../../patching/wrapMethod.js';
import type { AnyFunction } from '../../../values/guards.js';

/**
 * Wraps a method, without the marks by which OpenTelemetry's instrumentations would take the wrapper for one of theirs. Returns a
 * function that removes it.
 */
export function wrapUnmarked(prototype: object, name: string, around: (original: AnyFunction) => AnyFunction): () => void {
  const { restore } = wrapMethod(prototype, name, around, (owner, wrapper) => {
    Object.defineProperty(owner, name, { ...Object.getOwnPropertyDescriptor(owner, name), value: wrapper });
  });
  return restore;
}
