import { Refusal } from './refusal.js';

/** How much of a file is looked at to tell text in an old encoding from something else. */
const SAMPLE_BYTES = 65_536;
/** More than one control character among so many bytes is no text. */
const BYTES_PER_CONTROL = 50;

/**
 * Returns the text of a file: UTF-8, UTF-16 with a byte order mark, or, for what is neither, Windows-1252, in which every byte has
 * a meaning. Names in other old encodings come out wrong, but lines and syntax are counted right, because these are ASCII.
 *
 * @throws Refusal for a file that is not text
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return wide(bytes, 'utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return wide(bytes, 'utf-16be');
  if (bytes.includes(0)) throw binary();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const sample = bytes.subarray(0, SAMPLE_BYTES);
    const controls = sample.reduce((sum, byte) => sum + (isControl(byte) ? 1 : 0), 0);
    if (controls * BYTES_PER_CONTROL > sample.length) throw binary();
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function wide(bytes: Uint8Array, encoding: string): string {
  const text = new TextDecoder(encoding).decode(bytes);
  if (text.includes('\0')) throw binary();
  return text;
}

/** Tab, line ends, form feed and escape occur in text. */
function isControl(byte: number): boolean {
  return (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b) || byte === 0x7f;
}

function binary(): Refusal {
  return new Refusal('binary', 'The file is not text.');
}
