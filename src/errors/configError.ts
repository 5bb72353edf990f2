import { HandoffError } from './handoffError.js';

/** One setting that cannot be used as given. */
export interface ConfigProblem {
  /** Name of the environment variable or option. */
  readonly key: string;
  /** What was given, shortened; `(secret)` for secrets. */
  readonly given: string;
  /** What would be accepted, with unit and range. */
  readonly allowed: string;
}

/** Raised once with every unusable setting, so that one restart is enough to fix them all. The CLI exits with 2. */
export class ConfigError extends HandoffError<{ readonly problems: readonly ConfigProblem[] }> {
  override readonly code = 'HANDOFF_CONFIG';

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ key, given, allowed }) => `  ${key}: given ${given}; allowed: ${allowed}`);
    super(`Configuration cannot be used. Correct these settings and start again:\n${lines.join('\n')}`, { problems });
  }
}
