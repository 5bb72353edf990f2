/** One argument that cannot be used. */
export interface InputProblem {
  /** Dotted path of the argument; `(arguments)` for the whole. */
  readonly path: string;
  readonly problem: string;
  /** What would be accepted. */
  readonly allowed: string;
}
