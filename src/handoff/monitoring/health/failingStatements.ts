import { errorCode } from '../../../errors/classify.js';

/**
 * For how long a statement counts after its last failure, in milliseconds, unless it is known to be well before: it may be one of a rare
 * operation, which must not keep a server degraded for days.
 */
export const FAILURE_COUNTS_MS = 120_000;
/** Names are those of our own statements, so that this is never reached; without it a host that makes up names would fill the memory. */
const MAX_NAMES = 256;

/**
 * SQLSTATE, by appendix A of the manual of PostgreSQL, of what it refuses whatever the values are: an error in the statement or in what it
 * names, such as a column that is not there. What is found before the first row is read is over once one such statement succeeds.
 */
const OF_ANY_ROW = /^42[0-9A-Z]{3}$/u;
/**
 * The same of single rows: an exception that a trigger raises, a column that must have a value and that we do not know of, files that
 * cannot be read (class 58), damaged data and indexes (class XX). That the statement succeeds for another row says nothing of these.
 */
const OF_SOME_ROWS = /^(?:58|XX)[0-9A-Z]{3}$|^P0001$|^23502$/u;
/** The time limit of a statement, or of its wait for a lock. */
const TOO_LATE = /^(?:57014|55P03)$/u;
/** A missing right is found by a look at the rights, and is nothing where a report does without what it may not read. */
const NO_RIGHT = '42501';
/** The function of PostgreSQL that refuses a row for a policy of row-level security: no look at the rights finds that. */
const ROW_SECURITY = 'ExecWithCheckOptions';

type Failure = 'refused for any row' | 'refused for some rows' | 'too late';

/** How many statements PostgreSQL refuses whatever their values are, and how many it does not finish in time, although it answers. */
export interface FailingCounts {
  readonly refused: number;
  readonly timedOut: number;
}

/** The statements of this server that fail for what somebody did to the database: to its tables, or by locks that are not given back. */
export class FailingStatements {
  readonly #failures = new Map<string, { readonly failure: Failure; readonly atMs: number }>();
  readonly #nowMs: () => number;

  /** @param nowMs of a clock that is never put back */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /**
   * @param error what the statement threw; `undefined` if it succeeded
   * @returns whether it failed in a way that counts
   */
  ended(name: string, error: unknown): boolean {
    if (error === undefined) {
      if (this.#failures.size > 0) this.#succeeded(name);
      return false;
    }
    const failure = failureOf(error);
    if (failure === undefined) return false;
    if (this.#failures.size < MAX_NAMES || this.#failures.has(name)) this.#failures.set(name, { failure, atMs: this.#nowMs() });
    return true;
  }

  counts(): FailingCounts {
    const nowMs = this.#nowMs();
    let timedOut = 0;
    for (const [name, { failure, atMs }] of this.#failures) {
      if (nowMs - atMs > FAILURE_COUNTS_MS) this.#failures.delete(name);
      else if (failure === 'too late') timedOut += 1;
    }
    return { refused: this.#failures.size - timedOut, timedOut };
  }

  #succeeded(name: string): void {
    const before = this.#failures.get(name)?.failure;
    if (before === 'too late') this.#failures.delete(name);
    if (before !== 'refused for any row') return;
    for (const [other, { failure }] of this.#failures) if (failure === before) this.#failures.delete(other);
  }
}

function failureOf(error: unknown): Failure | undefined {
  const code = errorCode(error);
  if (code === NO_RIGHT) return (error as { routine?: unknown }).routine === ROW_SECURITY ? 'refused for some rows' : undefined;
  if (code === undefined) return undefined;
  if (TOO_LATE.test(code)) return 'too late';
  return OF_ANY_ROW.test(code) ? 'refused for any row' : OF_SOME_ROWS.test(code) ? 'refused for some rows' : undefined;
}
