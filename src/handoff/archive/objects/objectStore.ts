/**
 * Where archives are kept: named objects that are written once and never changed.
 *
 * Keys are made by `checkedKey`. Every method either does what it says or rejects; none takes longer than the time limit of
 * the store. An object that was put is durable when `put` resolves.
 */
export interface ObjectStore {
  /** Recorded with each archive. */
  readonly kind: 'files' | 's3';
  /** The folder or bucket, without credentials; recorded with each archive. */
  readonly location: string;
  /** Time limit of one operation, where the store has one. In milliseconds. */
  readonly timeoutMs?: number;
  /** Stores an object whole or not at all. Rejects if it is not known to be stored; it may appear later all the same. */
  put(key: string, body: Uint8Array): Promise<void>;
  /**
   * Resolves with the whole object, or `undefined` if there is none. Of an object that is longer than `maxBytes` it resolves with a longer
   * beginning than that, and reads little more: whoever can write where archives are could put one there that fills the memory.
   */
  get(key: string, maxBytes?: number): Promise<Uint8Array | undefined>;
  /** Resolves with what is known of an object without reading it, or `undefined` if there is none. */
  head(key: string): Promise<{ readonly bytes: number } | undefined>;
  /** Removes an object; one that does not exist counts as removed. */
  delete(key: string): Promise<void>;
}

const MAX_KEY_CHARACTERS = 255;
const KEY = /^[0-9A-Za-z][\w.-]*(?:\/[0-9A-Za-z][\w.-]*){0,7}$/;

/**
 * Returns the key if it is safe in every store: parts of letters, digits, `_`, `.` and `-` that begin with a letter or digit,
 * so that no key can leave its folder.
 *
 * @throws RangeError for any other key.
 */
export function checkedKey(key: string): string {
  if (key.length > MAX_KEY_CHARACTERS || !KEY.test(key)) {
    throw new RangeError(`An object key must be up to 8 parts of letters, digits, _ . and -, ${MAX_KEY_CHARACTERS} characters in all.`);
  }
  return key;
}
