import { editDistance } from './editDistance.js';
import type { InputProblem } from '../answers/inputProblem.js';

/** Arguments of a call that the tool does not have. */
export interface UnknownArguments {
  /** Those that look like a misspelt argument: nothing the caller meant is dropped in silence. */
  readonly misspelt: readonly InputProblem[];
  /** Names of the others, which the earlier server accepted too. */
  readonly ignored: readonly string[];
}

const NONE: UnknownArguments = { misspelt: [], ignored: [] };
/** So many unknown names are looked at: more are no misspellings, and comparing must not cost what a caller wants it to. */
const MOST_COMPARED = 100;
const MOST_PROBLEMS = 10;
const LONGEST_SHOWN = 64;
/** A part of a name says something from here on: `key`, `type`, `data`. */
const LEAST_PART = 3;
const NOT_LETTERS = /[^a-z0-9]/g;

type Shape = Readonly<Record<string, { readonly description?: string | undefined }>>;

/** Makes what finds the arguments of a call that are not in `shape`. */
export function unknownArguments(shape: Shape): (args: unknown) => UnknownArguments {
  const known = new Set(Object.keys(shape));
  return (args) => {
    if (typeof args !== 'object' || args === null) return NONE;
    const names = Object.keys(args);
    return names.every((name) => known.has(name))
      ? NONE
      : sorted(
          args,
          names.filter((name) => !known.has(name)),
          [...known],
          shape,
        );
  };
}

function sorted(args: object, unknown: readonly string[], known: readonly string[], shape: Shape): UnknownArguments {
  const likely = new Map(
    unknown.slice(0, MOST_COMPARED).map((name) => [name, likelyName(name, known, (candidate) => Object.hasOwn(args, candidate))]),
  );
  return {
    misspelt: [...likely]
      .flatMap(([name, meant]) =>
        meant === undefined
          ? []
          : [
              {
                path: shown(name),
                problem: `is not an argument of this tool; ${meant} is probably meant`,
                allowed: shape[meant]?.description ?? meant,
              },
            ],
      )
      .slice(0, MOST_PROBLEMS),
    ignored: unknown.filter((name) => likely.get(name) === undefined),
  };
}

/** Part of an answer that names what was ignored. */
export function ignoredNote(ignored: readonly string[]): object {
  if (ignored.length === 0) return {};
  const more = ignored.length - MOST_PROBLEMS;
  return { ignoredArguments: ignored.slice(0, MOST_PROBLEMS).map(shown), ...(more > 0 ? { ignoredArgumentsNotNamed: more } : {}) };
}

function shown(name: string): string {
  return name.slice(0, LONGEST_SHOWN).toWellFormed();
}

/**
 * The argument that `name` was probably meant to be. An argument that was given under its own name was not misspelt, unless
 * the two differ in case and punctuation only.
 */
function likelyName(name: string, known: readonly string[], isGiven: (name: string) => boolean): string | undefined {
  if (name.length > LONGEST_SHOWN) return undefined;
  const letters = lettersOf(name);
  const same = known.find((candidate) => lettersOf(candidate) === letters);
  if (same !== undefined) return same;
  const absent = known.filter((candidate) => !isGiven(candidate)).map((candidate) => ({ candidate, its: lettersOf(candidate) }));
  const distances = absent
    .map(({ candidate, its }) => ({ candidate, distance: editDistance(letters, its) }))
    .sort((a, b) => a.distance - b.distance);
  const [nearest] = distances;
  if (nearest !== undefined && nearest.distance <= allowedDistance(letters)) return nearest.candidate;
  if (letters.length < LEAST_PART) return undefined;
  return absent.find(({ its }) => its.startsWith(letters) || its.endsWith(letters))?.candidate;
}

/** One slip in a short word, two in a long one; a word of three letters is too short to be a slip away from another. */
function allowedDistance(letters: string): number {
  return Math.min(2, Math.floor(letters.length / 4));
}

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(NOT_LETTERS, '');
}
