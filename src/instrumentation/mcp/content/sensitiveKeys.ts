/**
 * Words that make a key secret. A word of five letters or more matches anywhere in a key (`db_password_old`); a shorter
 * one only as a whole word, or `pin` would hide `shipping` and `auth` would hide `author`.
 */
const DEFAULT_WORDS = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'secret',
  'token',
  'api key',
  'access key',
  'account key',
  'private key',
  'signing key',
  'encryption key',
  'ssh key',
  'authorization',
  'cookie',
  'credential',
  'connection string',
  'bearer',
  'csrf',
  'xsrf',
  'card number',
  'social security',
  'auth',
  'pass',
  'pwd',
  'jwt',
  'otp',
  'pin',
  'cvv',
  'cvc',
  'ssn',
  'dsn',
] as const;

const MIN_ANYWHERE_LETTERS = 5;

/** A longer key is not a name: it counts as secret without being checked. */
export const MAX_KEY_CHARS = 256;

/** Letters and digits of any script; everything else separates words. */
const NO_LETTERS = /[^\p{L}\p{N}]+/gu;
const LOWER_UPPER = /([\p{Ll}\p{N}])(\p{Lu})/gu;
const ACRONYM_WORD = /(\p{Lu})(\p{Lu}\p{Ll})/gu;

/** Whether the value stored under `key` must be hidden. */
export type IsSensitiveKey = (key: string) => boolean;

/** Builds the test for the default words and those in `added`. Case, separators (`-`, `_`, `.`, blank) and camel case do not matter. */
export function sensitiveKeys(added: readonly string[]): IsSensitiveKey {
  const anywhere: string[] = [];
  const whole: string[] = [];
  for (const word of [...DEFAULT_WORDS, ...added]) {
    const letters = lettersOf(word);
    if (letters === '') continue;
    if (letters.length >= MIN_ANYWHERE_LETTERS) anywhere.push(letters);
    else whole.push(letters);
  }
  return (key) => {
    if (key.length > MAX_KEY_CHARS) return true;
    const letters = lettersOf(key);
    if (anywhere.some((word) => letters.includes(word)) || whole.includes(letters)) return true;
    return wordsOf(key).some((word) => whole.includes(word));
  };
}

function lettersOf(key: string): string {
  return key.normalize('NFKC').replace(NO_LETTERS, '').toLowerCase();
}

function wordsOf(key: string): string[] {
  return key.normalize('NFKC').replace(LOWER_UPPER, '$1 $2').replace(ACRONYM_WORD, '$1 $2').toLowerCase().split(NO_LETTERS);
}
