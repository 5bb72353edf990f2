import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
// A namespace import: runtimes without `getCallSites` must be able to load this file.
import * as nodeUtil from 'node:util';
import type { ClassListener, MarkedClass } from './fieldMarks.js';

/**
 * The property of `globalThis` that changed initialisers call; without it they do nothing. It is a plain name, not a symbol like
 * the other key: `Symbol.for("…")` has quotes, and the text may be inside a string (see `withMarkedFields`).
 */
export const INSTANCE_KEY = 'handoffOtelInstance';

type Receiver = (instance: unknown) => void;
type Entrance = Receiver & { readonly receivers: Set<Receiver> };

/** More than the frames of our own and of bundlers' helper functions between us and the constructor. */
const FRAMES = 16;

/** Lets instances that are being built reach `listener`. Several copies of this package share it. Returns a function that closes it. */
export function openInstances(listener: ClassListener): () => void {
  const seen = new WeakSet();
  const receive: Receiver = (instance) => {
    try {
      const prototype = typeof instance === 'object' && instance !== null ? Reflect.getPrototypeOf(instance) : null;
      // Nearly always so: a class has many instances, in some servers several per request.
      if (prototype === null || seen.has(prototype)) return;
      seen.add(prototype);
      listener({ prototype, file: fileThatBuilds() });
    } catch {
      // We are inside a constructor of the host: it continues without us.
    }
  };
  const { receivers } = sharedEntrance();
  receivers.add(receive);
  return () => {
    receivers.delete(receive);
    if (receivers.size === 0) Reflect.deleteProperty(globalThis, INSTANCE_KEY);
  };
}

function sharedEntrance(): Entrance {
  const present = Reflect.get(globalThis, INSTANCE_KEY) as Entrance | undefined;
  if (present !== undefined) return present;
  const receivers = new Set<Receiver>();
  const entrance: Receiver = (instance) => {
    for (const receive of receivers) receive(instance);
  };
  const value: Entrance = Object.assign(entrance, { receivers });
  // Not enumerable: programs that list their globals must not see more than before.
  Object.defineProperty(globalThis, INSTANCE_KEY, { value, configurable: true });
  return value;
}

/** Returns the innermost file on the stack that is not this one. Node names ES modules by URL and CommonJS by path. */
function fileThatBuilds(): MarkedClass['file'] {
  try {
    for (const { scriptName } of nodeUtil.getCallSites(FRAMES, { sourceMap: false })) {
      if (scriptName === import.meta.url) continue;
      if (scriptName.startsWith('file:')) return { path: fileURLToPath(scriptName), format: 'esm' };
      if (isAbsolute(scriptName)) return { path: scriptName, format: 'cjs' };
    }
  } catch {
    // Only the list of what was found lacks it.
  }
  return undefined;
}
