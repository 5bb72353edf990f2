import type { LibraryModules } from '../settings/options.js';

/** Global, since the second call may come from another copy of this package, such as one in a bundle. */
const TAKE = Symbol.for('handoff-otel.takeModules');

/** Lets a later `instrument({ modules })` hand libraries to the running instrumentation: `--import` ran before the bundle. */
export function acceptModules(instrumentation: object, take: (modules: LibraryModules) => void): void {
  Object.defineProperty(instrumentation, TAKE, { value: take });
}

/** Hands libraries to an instrumentation that is already running. Does nothing if it accepts none. */
export function handModulesTo(instrumentation: object, modules: LibraryModules | undefined): void {
  const take: unknown = Reflect.get(instrumentation, TAKE);
  if (modules !== undefined && typeof take === 'function') Reflect.apply(take, undefined, [modules]);
}
