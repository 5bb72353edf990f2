import { createHash } from 'node:crypto';

/** No vowel and no hexadecimal digit: a run of these letters is neither a word nor part of an id. */
const LETTERS = 'ghjklmnpqrstvwxz';
const LENGTH = 16;

/** A word for one place, the same in every process of the test, unlike that of any other place in any eight letters. */
export function secretOf(place: string): string {
  return [...createHash('sha256').update(place).digest()]
    .slice(0, LENGTH)
    .map((byte) => LETTERS.charAt(byte % LETTERS.length))
    .join('');
}

/** The same for places that take only a number. Fourteen digits, exact as a double and unlike a time in any unit. */
export function secretNumberOf(place: string): string {
  return `7${String(createHash('sha256').update(place).digest().readUIntBE(0, 6)).padStart(15, '3').slice(-13)}`;
}
