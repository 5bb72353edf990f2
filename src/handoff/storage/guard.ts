/** Runs work that goes to a dependency under the policies for it. Implemented by what protects it; without one, work just runs. */
export interface Guard {
  /**
   * Rejects as `work` does, or without running it: with `CircuitOpenError` while the dependency is left alone, with `OverloadedError`
   * when too much runs already.
   */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** The same for work that only reads: it is repeated after a failure that another attempt may not meet. */
  read<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Makes the guard of one dependency.
 *
 * @param probe resolves when the dependency answers at all; called, once at a time, to find out whether it is back
 */
export type MakeGuard = (probe: () => Promise<unknown>) => Guard;

/** Makes the guards of what the services depend on. */
export interface GuardMakers {
  readonly database: MakeGuard;
  readonly archive: MakeGuard;
  /** Whether each dependency is used (`closed`), left alone (`open`), or tried out (`half_open`). */
  states(): ReadonlyMap<string, 'closed' | 'open' | 'half_open'>;
}
