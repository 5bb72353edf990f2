import { quietly } from '../../errors/quietly.js';
import type { LibraryModules } from '../settings/options.js';
import type { FoundClass } from './foundClass.js';
import { LIBRARIES, classIn } from './libraryTable.js';
import type { Library } from './libraryTable.js';

export interface HandedOver {
  readonly classes: readonly FoundClass[];
  /** One sentence for each module that is not what it should be. */
  readonly notices: readonly string[];
}

/** Returns the classes in `modules`: namespaces, default exports or the classes themselves. Accepts anything and never throws. */
export function classesIn(modules: LibraryModules): HandedOver {
  const classes: FoundClass[] = [];
  const notices: string[] = [];
  for (const [name, given] of Object.entries(modules) as [string, unknown][]) {
    if (given === undefined) continue;
    const library = LIBRARIES.find((candidate) => candidate.name === name);
    // Modules may have getters, and users may pass in proxies.
    const found = library === undefined ? [] : (quietly(() => classesOf(library, given)) ?? []);
    if (library === undefined)
      notices.push(
        `modules.${name.slice(0, 40)} is not a known library; the known ones are ${LIBRARIES.map((known) => known.name).join(', ')}.`,
      );
    else if (found.length === 0)
      notices.push(`modules.${name} is not ${name}: pass what \`import * as\` or \`require\` returns. A bundled ${name} is not covered.`);
    classes.push(...found);
  }
  return { classes, notices };
}

function classesOf(library: Library, given: unknown): FoundClass[] {
  // A namespace may hold the module as its default export, and in bundles of CommonJS that export may hold another one.
  const inner = defaultOf(given);
  const sources = [given, inner, defaultOf(inner)];
  const target = sources.map((source) => classIn(library, source)).find((found) => found !== undefined);
  if (target === undefined) return [];
  const pools = library.name === 'pg' ? sources.flatMap((source) => poolAbove(source) ?? []).slice(0, 1) : [];
  return [asFound(library, target), ...pools];
}

/** `pg.Pool` is a class of pg's own that extends pg-pool's, which is also the class of pools that are created in other ways. */
function poolAbove(module: unknown): FoundClass | undefined {
  const library = LIBRARIES.find(({ name }) => name === 'pg-pool');
  let pool = library === undefined ? undefined : classIn(library, module);
  if (library === undefined || pool === undefined) return undefined;
  for (let above = pool; library.isIt(above); above = Reflect.getPrototypeOf(above) ?? {}) pool = above;
  return asFound(library, pool);
}

function asFound(library: Library, target: object): FoundClass {
  const version: unknown = Reflect.get(target, 'version');
  return { library, target, root: 'bundled', version: typeof version === 'string' ? version : 'unknown' };
}

function defaultOf(module: unknown): unknown {
  return typeof module === 'object' && module !== null ? Reflect.get(module, 'default') : undefined;
}
