import { errorCode } from '../../../errors/classify.js';
import { DatabaseUnavailableError } from '../../../errors/databaseErrors.js';

/** SQLSTATE of a disk of the database server that is full. */
const DISK_FULL = '53100';

/** SQLSTATE of a table or a schema that is not there, and of one that the role may not use. */
const UNUSABLE_TABLE: ReadonlySet<string> = new Set(['42P01', '3F000', '42501']);

type Suspect = 'database' | 'redis';

/** Notes what calls meet with and what says that a part is not healthy, so that it is looked at before it would be its turn. */
export class Suspicions {
  #spaceRefusals = 0;
  #listener: (part: Suspect) => void = () => undefined;

  /** @param listener is told of each suspicion from now on, in place of the one before */
  listen(listener: (part: Suspect) => void): void {
    this.#listener = listener;
  }

  /** @param error of any statement that failed */
  statementFailed(error: unknown): void {
    const isAway = error instanceof DatabaseUnavailableError;
    const code = isAway ? error.data.reasonCode : errorCode(error);
    if (code === DISK_FULL) this.#spaceRefusals += 1;
    if (isAway || code === DISK_FULL || UNUSABLE_TABLE.has(code ?? '')) this.#listener('database');
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
}
