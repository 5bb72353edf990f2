import { errorCode } from './classify.js';
import { HandoffError } from './handoffError.js';

/** What is stored is not what was written: a page of the database, a cache entry or an object is damaged. */
export class DataCorruptedError extends HandoffError<{ readonly where: string; readonly reason: string }> {
  override readonly code = 'HANDOFF_DATA_CORRUPTED';

  constructor(where: string, reason: string, cause?: unknown) {
    super(
      `Stored data in ${where} is damaged (${reason}). Stop writing to it, check the disk, and restore a backup to another place.`,
      { where, reason },
      { cause },
    );
  }
}

/** A value that was given cannot be stored. Nothing was changed. */
export class DataInvalidError extends HandoffError<{ readonly where: string; readonly reason: string }> {
  override readonly code = 'HANDOFF_DATA_INVALID';

  constructor(where: string, reason: string, cause?: unknown) {
    super(
      `A value for ${where} cannot be stored (${reason}). Correct it and try again; nothing was changed.`,
      { where, reason },
      { cause },
    );
  }
}

/** A change would contradict what is stored: a reference to nothing, a second row of what there may be one of. Nothing was changed. */
export class DataInconsistentError extends HandoffError<{ readonly where: string; readonly reason: string }> {
  override readonly code = 'HANDOFF_DATA_INCONSISTENT';

  constructor(where: string, reason: string, cause?: unknown) {
    super(
      `A change to ${where} conflicts with what is stored (${reason}). Read the current state and decide again; nothing was changed.`,
      { where, reason },
      { cause },
    );
  }
}

export type StoredDataError = DataCorruptedError | DataInvalidError | DataInconsistentError;

/** Damaged pages, indexes and TOAST values of PostgreSQL. */
const CORRUPTED = /^XX00[12]$/;
/** A value out of range, of the wrong form, or null where there must be one; a check that fails. */
const INVALID = /^(?:22[0-9A-Z]{3}|23502|23514|44000)$/;
/** Foreign keys, unique keys, exclusion constraints, and rows of which there are too few or too many. */
const INCONSISTENT = /^(?:2300[01]|23503|23505|23P01|2[17]000|40002)$/;

/** Returns a refusal of PostgreSQL that is about data as an error of ours, which quotes no values, or `undefined` for any other. */
export function asDataError(thrown: unknown): StoredDataError | undefined {
  if (thrown instanceof DataCorruptedError || thrown instanceof DataInvalidError || thrown instanceof DataInconsistentError) return thrown;
  const code = errorCode(thrown) ?? '';
  if (CORRUPTED.test(code)) return new DataCorruptedError(tableOf(thrown), code, thrown);
  if (INVALID.test(code)) return new DataInvalidError(tableOf(thrown), code, thrown);
  return INCONSISTENT.test(code) ? new DataInconsistentError(tableOf(thrown), code, thrown) : undefined;
}

/** pg names the table for constraints only. */
function tableOf(thrown: unknown): string {
  const table: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'table') : undefined;
  return typeof table === 'string' && /^\w{1,63}$/.test(table) ? table : 'the database';
}
