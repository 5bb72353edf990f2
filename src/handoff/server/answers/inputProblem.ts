/** One invalid argument. */
export interface InputProblem {
  /** Dotted path of the argument; `(arguments)` for the whole. */
  readonly path: string;
  readonly problem: string;
  /** Describes what would be accepted. */
  readonly allowed: string;
}
