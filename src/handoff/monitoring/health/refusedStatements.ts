import { errorCode } from '../../../errors/classify.js';

/**
 * For how long a statement counts as refused after its last refusal, in milliseconds, unless it is known to be well before: it may be one of
 * a rare operation, which must not keep a server degraded for days.
 */
export const REFUSAL_COUNTS_MS = 120_000;
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
/** A missing right is found by a look at the rights, and is nothing where a report does without what it may not read. */
const NO_RIGHT = '42501';
/** The function of PostgreSQL that refuses a row for a policy of row-level security: no look at the rights finds that. */
const ROW_SECURITY = 'ExecWithCheckOptions';

type Refusal = 'of any row' | 'of some rows';

/** The statements of this server that PostgreSQL refuses, although it answers: because something changed its tables, or damaged them. */
export class RefusedStatements {
  readonly #refused = new Map<string, { readonly refusal: Refusal; readonly atMs: number }>();
  readonly #nowMs: () => number;

  /** @param nowMs of a clock that is never put back */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /**
   * @param error what the statement threw; `undefined` if it succeeded
   * @returns whether it was refused
   */
  ended(name: string, error: unknown): boolean {
    if (error === undefined) {
      if (this.#refused.size > 0 && this.#refused.get(name)?.refusal === 'of any row') this.#forgetWhat((one) => one === 'of any row');
      return false;
    }
    const refusal = refusalOf(error);
    if (refusal === undefined) return false;
    if (this.#refused.size < MAX_NAMES || this.#refused.has(name)) this.#refused.set(name, { refusal, atMs: this.#nowMs() });
    return true;
  }

  /** How many statements were refused lately, and are not known to be well again. */
  count(): number {
    this.#forgetWhat((_refusal, atMs) => this.#nowMs() - atMs > REFUSAL_COUNTS_MS);
    return this.#refused.size;
  }

  #forgetWhat(isOver: (refusal: Refusal, atMs: number) => boolean): void {
    for (const [name, { refusal, atMs }] of this.#refused) if (isOver(refusal, atMs)) this.#refused.delete(name);
  }
}

function refusalOf(error: unknown): Refusal | undefined {
  const code = errorCode(error);
  if (code === NO_RIGHT) return (error as { routine?: unknown }).routine === ROW_SECURITY ? 'of some rows' : undefined;
  if (code === undefined) return undefined;
  return OF_ANY_ROW.test(code) ? 'of any row' : OF_SOME_ROWS.test(code) ? 'of some rows' : undefined;
}
