import { errorCode } from '../../../errors/classify.js';
import { DatabaseUnavailableError } from '../../../errors/databaseErrors.js';

/** SQLSTATE of a disk of the database server that is full. */
const DISK_FULL = '53100';

/**
 * Notes statements that the database refused because its disk is full. Nothing that a check could write would find that out for certain:
 * what is small still fits into a page that was there before.
 */
export class SpaceRefusals {
  #since = 0;

  /** @param error of any statement that failed */
  note(error: unknown): void {
    const code = error instanceof DatabaseUnavailableError ? error.data.reasonCode : errorCode(error);
    if (code === DISK_FULL) this.#since += 1;
  }

  /** How many there were since it was last asked. */
  take(): number {
    const taken = this.#since;
    this.#since = 0;
    return taken;
  }
}
