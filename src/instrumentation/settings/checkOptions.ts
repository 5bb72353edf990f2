import { quietly } from '../../errors/quietly.js';
import { isMapping } from '../../values/guards.js';
import type { Notify } from './env.js';

/** What a value must be; a record stands for a nested object of options. */
export type Kind = 'text' | 'number' | 'switch' | 'object' | 'any' | { readonly [name: string]: Kind };

/** The kinds of all options of an interface: leaving one out does not compile. */
export type Kinds<Options> = { readonly [Name in keyof Required<Options>]: Kind };

/** Somebody who passes something else altogether need not be told of all of it. */
const MAX_UNKNOWN = 5;
const MAX_NAME_CHARS = 40;

const WANTED = { text: 'a string', number: 'a number', switch: 'true or false', object: 'an object', any: 'usable' } as const;

/**
 * Returns the options in `given` that are of the right type; JavaScript hosts and JSON may hold anything. The rest is left out
 * and reported by name and type, never by value. So is what is not in `kinds`: it is misspelt, or of another version. Never throws.
 *
 * @param elsewhere further names that are read in another place
 */
export function checkOptions<Options extends object>(
  given: unknown,
  kinds: Kinds<Options>,
  notify: Notify,
  path = '',
  elsewhere: readonly string[] = [],
): Partial<Options> {
  const taken: Record<string, unknown> = {};
  const of = path === '' ? '' : `${path}.`;
  if (!isObject(given)) {
    if (given !== undefined)
      notify(`${path === '' ? 'the argument of instrument()' : path} is ${typeName(given)}, not an object; the default is used.`);
    return {};
  }
  for (const [name, kind] of Object.entries<Kind>(kinds)) {
    const value = readOption(given, name, (problem) => notify(`${of}${name} ${problem}`));
    if (value === undefined) continue;
    const wanted = typeof kind === 'object' ? 'object' : kind;
    if (!fits(value, wanted)) notify(`${of}${name} is ${typeName(value)}, not ${WANTED[wanted]}; the default is used.`);
    else taken[name] = typeof kind === 'object' ? checkOptions(value, kind, notify, of + name) : value;
  }
  const unknown = namesIn(given).filter((name) => !Object.hasOwn(kinds, name) && !elsewhere.includes(name));
  for (const name of unknown.slice(0, MAX_UNKNOWN)) notify(`${of}${name.slice(0, MAX_NAME_CHARS)} is not an option and has no effect.`);
  return taken as Partial<Options>;
}

/** Returns the names of an object's own options, whatever the object is. */
function namesIn(given: object): readonly string[] {
  try {
    return Object.keys(given);
  } catch {
    return [];
  }
}

/** Reads one option of a value that may be anything; `undefined` when there is none. */
export function readOption(given: unknown, name: string, report: (problem: string) => void = () => undefined): unknown {
  try {
    return isObject(given) ? Reflect.get(given, name) : undefined;
  } catch {
    report('cannot be read; the default is used.');
    return undefined;
  }
}

/** Returns all readable entries of an object whose keys are the host's. */
export function readableEntries(given: unknown): readonly (readonly [name: string, value: unknown])[] {
  try {
    return isObject(given) ? Object.keys(given).map((name) => [name, readOption(given, name)] as const) : [];
  } catch {
    return [];
  }
}

function fits(value: unknown, kind: Exclude<Kind, object>): boolean {
  if (kind === 'text') return typeof value === 'string';
  if (kind === 'number') return typeof value === 'number';
  if (kind === 'switch') return typeof value === 'boolean';
  return kind === 'any' || isObject(value);
}

/** A proxy may have been revoked. */
function isObject(value: unknown): value is object {
  return quietly(() => isMapping(value)) === true;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return `of type ${typeof value}`;
  return isObject(value) ? 'an object' : 'an array';
}
