import { Module } from 'node:module';

/**
 * Runs `load`, and for whoever asks for one of `packages` meanwhile puts something in its place that loads the package when a
 * property of it is first used, and from then on behaves as the package does. Nobody else ever gets it: `load` is
 * synchronous, and when it ends the module cache is as it was.
 *
 * For packages that a library asks for at once and uses, if ever, later, and that export an object: a function's place cannot be
 * taken. Those that are loaded already, or cannot be found, are left alone.
 *
 * Should `load` fail with them it is tried once more without, so that they can break nothing that works without them.
 *
 * @param require resolves the packages as the library that asks for them would
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

/** Returns what takes it away again, unless something else is in its place by now. */
function putStandIn(require: NodeJS.Require, name: string): () => void {
  const file = resolved(require, name);
  // Whoever asks for one that is not there is to hear so in Node's own words.
  if (file === undefined || require.cache[file] !== undefined) return () => {};
  const module = new Module(file);
  const remove = (): void => {
    if (require.cache[file] === module) Reflect.deleteProperty(require.cache, file);
  };
  let real: object | undefined;
  const load = (): object => {
    // First: else the package would be looked for in the cache, and be this.
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

/** Everything that can be done to an object, done to the one that `load` returns. */
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
        // The language forbids a proxy to speak of a fixed property that its own object lacks.
        return descriptor === undefined ? undefined : { ...descriptor, configurable: true };
      },
    },
  );
}
