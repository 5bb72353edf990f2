/** What values of one kind look like and how they are read. */
export interface Kind<Value> {
  /** Continues "it must be", for messages and for the documentation. */
  readonly allowed: string;
  /** The words to choose from, if there are any. */
  readonly words?: readonly string[];
  readonly unit?: string;
  /** The value is never repeated in a message. */
  readonly secret?: boolean;
  /** Reads text that is not blank; if it cannot be used, calls `refuse` and returns `undefined` or the usable part. */
  parse(text: string, refuse: Refuse): Value | undefined;
}

/** Part of a value that cannot be used. */
export interface RefusedPart {
  /** The part, quoted, or its position if it may be secret ("item 2"). */
  readonly given: string;
  readonly allowed: string;
  /** What a program that continues does, as a sentence. Default: the part is ignored. */
  readonly outcome?: string;
}

/** Without a part, the whole value is refused. */
export type Refuse = (part?: RefusedPart) => undefined;

/** One environment variable: the only place that defines what it may be, its default, and its purpose. */
export interface Variable<Value, Absent = Value | undefined> extends Kind<Value> {
  /** The value of a variable that is not set. */
  readonly default: Absent;
  /** The default as the documentation shows it. */
  readonly defaultText: string;
  /** Whole sentences in Markdown. */
  readonly doc: string;
  /** Whether a running server takes a new value of it from its configuration file, see `HANDOFF_CONFIG_FILE`. */
  readonly isReloadable?: boolean;
}

export type Table = Readonly<Record<string, Variable<unknown, unknown>>>;

type Given<V> = V extends Variable<infer Value, unknown> ? Value : never;
type Absent<V> = V extends { readonly default: infer A } ? A : never;

/** The value of a variable that is set, if it can be used. */
export type GivenOf<T extends Table, Name extends keyof T> = Given<T[Name]> | undefined;
/** The value of a variable, set or not. */
export type ValueOf<T extends Table, Name extends keyof T> = Given<T[Name]> | Absent<T[Name]>;
export type Values<T extends Table> = { readonly [Name in keyof T]: ValueOf<T, Name> };

/** For a variable without a default value; the text says what happens when it is not set. */
export class Unset {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export function variable<Value>(kind: Kind<Value>, byDefault: Unset, doc: string): Variable<Value, undefined>;
export function variable<Value>(kind: Kind<Value>, byDefault: NoInfer<Value>, doc: string): Variable<Value, Value>;
export function variable<Value>(kind: Kind<Value>, byDefault: Value | Unset, doc: string): Variable<Value> {
  if (byDefault instanceof Unset) return { ...kind, default: undefined, defaultText: byDefault.text, doc };
  const text = Array.isArray(byDefault) ? byDefault.join(',') : String(byDefault);
  return { ...kind, default: byDefault, defaultText: `\`${text}\``, doc };
}

/** Marks a variable that a running server takes anew from its configuration file. Whoever uses it must listen for changes. */
export function reloadable<V extends Variable<unknown, unknown>>(variable: V): V {
  return { ...variable, isReloadable: true };
}
