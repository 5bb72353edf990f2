/** Everything a caller may store, from a seed: the same on every run, so that a failure can be repeated. */

type Random = () => number;

/** Numbers in [0, 1), by xorshift. */
export function seeded(seed: number): Random {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}

/** Characters by what they cost: one byte, escaped twice, escaped as \u0001, two to four bytes of UTF-8, a line separator. */
const ALPHABETS = ['abc ', '"\\', '\u0001\u001f', '\n\t\r\b\f', 'é\u007f', '€\u2028\uffff', '😀', 'a"\u0002€😀\n'];

/** A text of so many bytes of UTF-8, at most three fewer, of one alphabet: mixtures hide the worst. */
export function text(random: Random, bytes: number): string {
  const alphabet = [...(ALPHABETS[Math.floor(random() * ALPHABETS.length)] ?? 'a')];
  const parts: string[] = [];
  for (let left = bytes; left > 0; ) {
    const character = alphabet[Math.floor(random() * alphabet.length)] ?? 'a';
    left -= Buffer.byteLength(character);
    if (left >= 0) parts.push(character);
  }
  return parts.join('') || 'x';
}

/** A JSON object of at most so many bytes: flat, as deep as may be and therefore indented most, or of numbers PostgreSQL prints long. */
export function metadata(random: Random, bytes: number): Record<string, unknown> {
  const kind = Math.floor(random() * 4);
  const room = Math.floor(bytes * random()) - 400;
  if (kind === 0 || room < 100) return {};
  if (kind === 1) return { text: text(random, Math.floor(room / 6)) };
  if (kind === 2) return { numbers: new Array(Math.floor(room / 6)).fill(1e300) };
  let value: unknown = new Array(Math.floor(room / 2)).fill(0);
  for (let level = 0; level < 29; level += 1) value = [value];
  return { deep: value };
}
