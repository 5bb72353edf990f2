import { inspect } from 'node:util';
import { HandoffError } from '../errors/handoffError.js';
import { describeList } from './describe.js';

/** An expectation about telemetry failed. `message` names what was looked for and lists what was found. */
export class TelemetryMismatchError extends HandoffError<{ readonly matched: number; readonly candidates: number }> {
  readonly code = 'HANDOFF_TELEMETRY_MISMATCH';
}

/** Builds the mismatch error of every expectation in the kit. */
export function mismatch<T>(
  what: string,
  query: object,
  matched: readonly T[],
  candidates: readonly T[],
  describe: (record: T) => string,
): TelemetryMismatchError {
  const wanted = inspect(query, { depth: 4, breakLength: Infinity });
  const listed = matched.length === 0 ? candidates : matched;
  const heading = matched.length === 0 ? `found none among ${String(candidates.length)}:` : `found ${String(matched.length)}:`;
  return new TelemetryMismatchError(`Expected one ${what} matching ${wanted}, ${heading}\n${describeList(listed, describe)}`, {
    matched: matched.length,
    candidates: candidates.length,
  });
}
