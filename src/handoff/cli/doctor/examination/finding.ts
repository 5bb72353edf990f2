/** `skipped` is not a fault: something that the check needs is missing, and another check says so. */
export type Verdict = 'fine' | 'warning' | 'failure' | 'skipped';

/** What a check says of one thing it looked at. Holds no credentials. */
export interface Finding {
  readonly verdict: Verdict;
  /** What was found: a sentence. */
  readonly says: string;
  /** What to do about it: a sentence or two. Present for a warning and a failure. */
  readonly remedy?: string;
}

export function fine(says: string): Finding {
  return { verdict: 'fine', says };
}

/** The server works, but not as it should, or not for long. */
export function warning(says: string, remedy: string): Finding {
  return { verdict: 'warning', says, remedy };
}

/** The server does not start, or a part of it does not work. */
export function failure(says: string, remedy: string): Finding {
  return { verdict: 'failure', says, remedy };
}

export function skipped(says: string): Finding {
  return { verdict: 'skipped', says };
}
