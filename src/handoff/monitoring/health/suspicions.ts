import { errorCode } from '../../../errors/classify.js';
import { DatabaseUnavailableError } from '../../../errors/databaseErrors.js';
import { FailingStatements } from './failingStatements.js';
import type { FailingCounts } from './failingStatements.js';

/** SQLSTATE of a disk of the database server that is full. */
const DISK_FULL = '53100';

/** SQLSTATE of a schema that is not there, and of what the role may not use. */
const UNUSABLE_TABLE: ReadonlySet<string> = new Set(['3F000', '42501']);

type Suspect = 'database' | 'redis';

/** Notes what calls meet with and what says that a part is not healthy, so that it is looked at before it would be its turn. */
export class Suspicions {
  #spaceRefusals = 0;
  #listener: (part: Suspect) => void = () => undefined;
  readonly #failing: FailingStatements;

  /** @param nowMs of a clock that is never put back */
  constructor(nowMs: () => number) {
    this.#failing = new FailingStatements(nowMs);
  }

  /** @param listener is told of each suspicion from now on, in place of the one before */
  listen(listener: (part: Suspect) => void): void {
    this.#listener = listener;
  }

  /**
   * @param name of the statement
   * @param error what it threw; `undefined` if it succeeded
   * @param isExpected whether its caller goes on without it, so that no call fails. That the disk is full or the database away is told all
   * the same.
   */
  statementEnded(name: string, error: unknown, isExpected = false): void {
    const isFailing = !isExpected && this.#failing.ended(name, error);
    if (error === undefined) return;
    const isAway = error instanceof DatabaseUnavailableError;
    const code = isAway ? error.data.reasonCode : errorCode(error);
    if (code === DISK_FULL) this.#spaceRefusals += 1;
    if (isAway || isFailing || code === DISK_FULL || UNUSABLE_TABLE.has(code ?? '')) this.#listener('database');
  }

  cacheFailed(): void {
    this.#listener('redis');
  }

  /**
   * How many statements were refused since it was last asked because the disk of the database server is full. Nothing that a check could
   * write would find that out for certain: what is small still fits into a page that was there before.
   */
  takeSpaceRefusals(): number {
    const taken = this.#spaceRefusals;
    this.#spaceRefusals = 0;
    return taken;
  }

  failingStatements(): FailingCounts {
    return this.#failing.counts();
  }
}
