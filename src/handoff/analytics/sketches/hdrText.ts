import { inflateSync } from 'node:zlib';

/**
 * Reads the counts of a compressed HDR histogram (V2) of two significant digits and unit 1, as `performance_logs` has them. Their slots are
 * ours, so that nothing is lost. Returns `undefined` for text that is no such histogram: a row is then counted without its distribution.
 *
 * @param base64 the histogram as text
 */
export function slotsOfHdr(base64: string): Map<number, number> | undefined {
  try {
    const outer = Buffer.from(base64, 'base64');
    if (outer.length < OUTER_BYTES || kindOf(outer) !== COMPRESSED) return undefined;
    const inner = inflateSync(outer.subarray(OUTER_BYTES), { maxOutputLength: MAX_BYTES });
    if (kindOf(inner) !== PLAIN || inner.readInt32BE(DIGITS_AT) !== 2 || inner.readBigInt64BE(UNIT_AT) !== 1n) return undefined;
    return counts(inner.subarray(HEADER_BYTES, HEADER_BYTES + inner.readInt32BE(LENGTH_AT)));
  } catch {
    return undefined;
  }
}

const OUTER_BYTES = 8;
const HEADER_BYTES = 40;
const LENGTH_AT = 4;
const DIGITS_AT = 12;
const UNIT_AT = 16;
const MAX_BYTES = 1_048_576;
/** The second half of a byte of the cookie is the word size, which V2 does not use. */
const COMPRESSED = 0x1c_84_93_04;
const PLAIN = 0x1c_84_93_03;

function kindOf(bytes: Buffer): number {
  return bytes.readUInt32BE(0) & ~0xf0;
}

/** Zigzag varints: a positive number is the count of the next slot, a negative one passes over that many. */
function counts(payload: Buffer): Map<number, number> {
  const slots = new Map<number, number>();
  let slot = 0;
  for (let at = 0; at < payload.length; ) {
    let zigzag = 0;
    let byte = 0x80;
    // Counts are far below 2 ** 53, so that no bit of them is lost.
    for (let factor = 1; byte >= 0x80; factor *= 0x80) {
      byte = payload.readUInt8(at);
      at += 1;
      zigzag += (byte & 0x7f) * factor;
    }
    if (zigzag % 2 === 1) slot += (zigzag + 1) / 2;
    else {
      if (zigzag > 0) slots.set(slot, zigzag / 2);
      slot += 1;
    }
  }
  return slots;
}
