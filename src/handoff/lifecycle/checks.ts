import { InvalidArgumentError } from '../../errors/lifecycleErrors.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MIN_YEAR = 1970;
const MAX_YEAR = 9999;

/** @throws InvalidArgumentError for anything but the text of a UUID; a caller in JavaScript may pass anything */
export function requireSessionId(sessionId: unknown): void {
  if (typeof sessionId !== 'string' || !UUID.test(sessionId))
    throw new InvalidArgumentError('sessionId', 'the id of a session (a UUID), not its key');
}

/**
 * Returns a time as PostgreSQL reads it.
 *
 * @throws InvalidArgumentError for anything but a valid Date in the years that both sides can write
 */
export function requireDate(argument: string, date: unknown): string {
  const year = date instanceof Date ? date.getUTCFullYear() : Number.NaN;
  if (!(date instanceof Date) || !(year >= MIN_YEAR && year <= MAX_YEAR))
    throw new InvalidArgumentError(argument, `a valid Date in the years ${MIN_YEAR} to ${MAX_YEAR}`);
  return date.toISOString();
}
