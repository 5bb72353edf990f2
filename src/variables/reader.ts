import type { ConfigProblem } from '../errors/configError.js';
import { quoted } from './kinds.js';
import { isServiceLink } from './serviceLinks.js';
import type { GivenOf, Table, ValueOf, Values, Variable } from './variable.js';

/** Environment variables, passed in so that tests need not change the process. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A value that cannot be used. The reader decides what to do: the command line refuses to start, the library reports it and continues. */
export interface VariableProblem extends ConfigProblem {
  /** What a program that continues does, as a sentence. */
  readonly outcome: string;
}

export type ReportProblem = (problem: VariableProblem) => void;

/** Reads the variables of one table. A value that cannot be used is reported and counts as not set. */
export interface Reader<T extends Table> {
  /** `undefined` when the variable is not set or cannot be used. */
  given<Name extends keyof T & string>(name: Name): GivenOf<T, Name>;
  /** The same, with the table's default instead of `undefined`. */
  value<Name extends keyof T & string>(name: Name): ValueOf<T, Name>;
}

/** @param nameOf the variable's name in the environment, if it differs from its name in the table */
export function reader<T extends Table>(table: T, env: Env, report: ReportProblem, nameOf = (name: string): string => name): Reader<T> {
  const given = <Name extends keyof T & string>(name: Name): GivenOf<T, Name> =>
    read(nameOf(name), table[name] as Variable<unknown, unknown>, env, report) as GivenOf<T, Name>;
  return { given, value: (name) => given(name) ?? (table[name]?.default as ValueOf<T, typeof name>) };
}

/** The values of all variables of a table. */
export function readAll<T extends Table>(table: T, env: Env, report: ReportProblem): Values<T> {
  const { value } = reader(table, env, report);
  return Object.fromEntries(Object.keys(table).map((name) => [name, value(name)])) as Values<T>;
}

/** Applies OpenTelemetry's rule to all variables: an empty or blank one counts as not set, as does what Kubernetes sets under its name. */
export function textOf(env: Env, name: string): string | undefined {
  const text = env[name]?.trim();
  return text === undefined || text === '' || isServiceLink(name, text) ? undefined : text;
}

function read(name: string, variable: Variable<unknown, unknown>, env: Env, report: ReportProblem): unknown {
  const text = textOf(env, name);
  if (text === undefined) return undefined;
  const { allowed, unit, secret = false, defaultText } = variable;
  const byDefault = variable.default === undefined ? 'It is ignored.' : `The default, ${defaultText.replaceAll('`', '')}, is used.`;
  return variable.parse(text, (part) => {
    const whole = { given: secret ? '(secret)' : quoted(text), allowed: unit === undefined ? allowed : `${allowed} (${unit})` };
    report({ key: name, outcome: part === undefined ? byDefault : 'It is ignored.', ...whole, ...part });
    return undefined;
  });
}

/** The notice for a program that continues without the value. */
export function noticeOf({ key, given, allowed, outcome }: VariableProblem): string {
  return `${key}: ${given === '(secret)' ? 'the value' : given} must be ${allowed}. ${outcome}`;
}
