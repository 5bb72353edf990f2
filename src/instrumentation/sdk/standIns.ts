import { Module } from 'node:module';

/**
 * Runs `load`. Whatever requires one of `packages` meanwhile gets a stand-in that loads the package when one of its properties
 * is first used, and behaves like the package from then on. Nothing else ever gets a stand-in: `load` is synchronous, and the
 * module cache is restored when it ends.
 *
 * This is for packages that a library requires at load time but uses, if ever, later, and that export an object: a function
 * cannot have a stand-in. Packages that are already loaded, or cannot be found, are left alone.
 *
 * If `load` fails with stand-ins, it is tried once more without, so that they cannot break anything that works without them.
 *
 * @param require resolves the packages as the library that requires them would
 */
export function withStandIns<T>(require: NodeJS.Require, packages: readonly string[], load: () => T): T {
  const removals: (() => void)[] = [];
  const removeAll = (): void => {
    for (const remove of removals.splice(0)) remove();
  };
  try {
    for (const name of packages) removals.push(putStandIn(require, name));
    return load();
  } catch {
    removeAll();
    return load();
  } finally {
    removeAll();
  }
}

/** Returns a function that removes the stand-in, unless something else has taken its place by then. */
function putStandIn(require: NodeJS.Require, name: string): () => void {
  const file = resolved(require, name);
  // A missing package must be reported in Node's own words.
  if (file === undefined || require.cache[file] !== undefined) return () => {};
  const module = new Module(file);
  const remove = (): void => {
    if (require.cache[file] === module) Reflect.deleteProperty(require.cache, file);
  };
  let real: object | undefined;
  const load = (): object => {
    // This comes first: otherwise `require` would find this stand-in in the cache.
    remove();
    return (real ??= require(name) as object);
  };
  module.exports = lazy(load);
  module.filename = file;
  module.loaded = true;
  require.cache[file] = module;
  return remove;
}

function resolved(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}

/** Forwards every operation on an object to the one that `load` returns. */
function lazy(load: () => object): object {
  return new Proxy(
    {},
    {
      get: (_, key) => Reflect.get(load(), key) as unknown,
      set: (_, key, value) => Reflect.set(load(), key, value),
      has: (_, key) => Reflect.has(load(), key),
      deleteProperty: (_, key) => Reflect.deleteProperty(load(), key),
      defineProperty: (_, key, descriptor) => Reflect.defineProperty(load(), key, descriptor),
      ownKeys: () => Reflect.ownKeys(load()),
      getPrototypeOf: () => Reflect.getPrototypeOf(load()),
      getOwnPropertyDescriptor: (_, key) => {
        const descriptor = Reflect.getOwnPropertyDescriptor(load(), key);
        // A proxy must not report a non-configurable property that its own target lacks.
        return descriptor === undefined ? undefined : { ...descriptor, configurable: true };
      },
    },
  );
}
