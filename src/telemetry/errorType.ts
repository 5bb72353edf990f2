import { errorCode } from '../errors/classify.js';
import { VALUE_OTHER } from './semconv.js';

/** SQLSTATE, errno-style and our own codes are bounded sets; anything else could be free text. */
const BOUNDED_CODE = /^(?:[0-9A-Z]{5}|E[A-Z0-9_]{2,30}|(?:HANDOFF|ERR)_[A-Z0-9_]{2,60})$/;
const CLASS_NAME = /^[A-Z][A-Za-z0-9]{0,60}$/;

/**
 * `error.type` of a thrown value: its bounded code, else its class name, else `_OTHER`.
 * Never the message, which may quote the caller's content and has no bound. Never throws, whatever getters the value has.
 */
export function errorType(thrown: unknown): string {
  try {
    const code = errorCode(thrown);
    if (code !== undefined && BOUNDED_CODE.test(code)) return code;
    if (thrown instanceof Error) {
      const name = thrown.constructor.name;
      if (CLASS_NAME.test(name)) return name;
    }
  } catch {
    // A hostile value counts as unknown.
  }
  return VALUE_OTHER;
}
