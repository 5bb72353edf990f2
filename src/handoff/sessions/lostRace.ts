import { errorCode } from '../../errors/classify.js';

const UNIQUE_VIOLATION = '23505';
const DEADLOCK_DETECTED = '40P01';
const SERIALIZATION_FAILURE = '40001';

/**
 * Returns whether a statement failed because an earlier server, which numbers entries without our counter, was faster: it has
 * taken the number, or it holds the number and waits for the session's row, which we hold while waiting for the number.
 * Nothing was written; a new attempt sees its row. The same applies where the database's default isolation is stricter than
 * ours and refuses a statement because of concurrent writes.
 */
export function isLostRace(error: unknown): boolean {
  const code = errorCode(error);
  return code === UNIQUE_VIOLATION || code === DEADLOCK_DETECTED || code === SERIALIZATION_FAILURE;
}

const MAX_TRIES = 5;

/** Repeats the statement as long as it loses against an earlier server. */
export async function despiteLostRaces<Result>(statement: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await statement();
    } catch (error) {
      if (!isLostRace(error) || tries === MAX_TRIES) throw error;
    }
  }
}
