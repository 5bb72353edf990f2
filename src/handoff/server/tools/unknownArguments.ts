import { editDistance } from './editDistance.js';
import type { InputProblem } from '../answers/inputProblem.js';

/** Arguments of a call that the tool does not accept. */
export interface UnknownArguments {
  /** Those that look like a misspelt argument: nothing the caller meant is silently dropped. */
  readonly misspelt: readonly InputProblem[];
  /** Names of the others, which the earlier server also accepted. */
  readonly ignored: readonly string[];
}

const NONE: UnknownArguments = { misspelt: [], ignored: [] };
/** Maximum number of unknown names compared: more are not misspellings, and a caller must not control the cost of comparing. */
const MOST_COMPARED = 100;
const MOST_PROBLEMS = 10;
const LONGEST_SHOWN = 64;
/** Shortest part of a name that is meaningful: `key`, `type`, `data`. */
const LEAST_PART = 3;
const NOT_LETTERS = /[^a-z0-9]/g;

type Shape = Readonly<Record<string, { readonly description?: string | undefined }>>;

/** Returns a function that finds the arguments of a call that are not in `shape`. */
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
                problem: `is not an argument of this tool; did you mean ${meant}?`,
                allowed: shape[meant]?.description ?? meant,
              },
            ],
      )
      .slice(0, MOST_PROBLEMS),
    ignored: unknown.filter((name) => likely.get(name) === undefined),
  };
}

/** Returns the part of an answer that names the ignored arguments. */
export function ignoredNote(ignored: readonly string[]): object {
  if (ignored.length === 0) return {};
  const more = ignored.length - MOST_PROBLEMS;
  return { ignoredArguments: ignored.slice(0, MOST_PROBLEMS).map(shown), ...(more > 0 ? { ignoredArgumentsNotNamed: more } : {}) };
}

function shown(name: string): string {
  return name.slice(0, LONGEST_SHOWN).toWellFormed();
}

/**
 * Returns the argument that `name` was probably meant to be. An argument that was given under its own name was not misspelt,
 * unless the two differ only in case and punctuation.
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

/** Allows one typo in a short word, two in a long one; a word of three letters is too short for a typo. */
function allowedDistance(letters: string): number {
  return Math.min(2, Math.floor(letters.length / 4));
}

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(NOT_LETTERS, '');
}
