import { categoryByCode } from '../../../errors/categories.js';

/** What a host says of a tool call that failed; it does not say why. */
const OF_HOSTS = 'tool_error';

/**
 * Whether a run failed because of the server, and not because its caller asked for something that cannot be: what is reported to callers
 * is a word in lower case, codes and classes begin otherwise. Errors about sessions that are unknown or closed are the caller's too.
 */
export function isFault(errorType: string | undefined): boolean {
  if (errorType === undefined) return false;
  return errorType === OF_HOSTS || (/^[A-Z0-9_]/.test(errorType) && categoryByCode[errorType] !== 'session');
}
