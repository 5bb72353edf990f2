import type { Slots } from './slots.js';

/**
 * Histograms as the database stores them: base64 of varints, which are the distance from the slot before and the count of each slot in
 * turn. Most of them have one byte, so that a slot takes less than three characters.
 */
export function packSlots(slots: Slots): string {
  const bytes = Buffer.allocUnsafe(slots.size * LONGEST_PAIR_BYTES);
  let length = 0;
  let before = 0;
  const write = (value: number): void => {
    let rest = value;
    for (; rest >= BASE; rest = Math.floor(rest / BASE)) length = bytes.writeUInt8((rest % BASE) + BASE, length);
    length = bytes.writeUInt8(rest, length);
  };
  for (const [slot, count] of [...slots].sort(([a], [b]) => a - b)) {
    write(slot - before);
    write(count);
    before = slot;
  }
  return bytes.toString('base64', 0, length);
}

/** Adds the counts of a packed histogram to another one. */
export function addPacked(into: Map<number, number>, packed: string): void {
  const bytes = Buffer.from(packed, 'base64');
  let at = 0;
  let slot = 0;
  const read = (): number => {
    let value = 0;
    // Counts may be beyond 32 bits, where shifts would lose what is above.
    for (let factor = 1; at < bytes.length; factor *= BASE) {
      const byte = bytes[at++] ?? 0;
      value += (byte % BASE) * factor;
      if (byte < BASE) break;
    }
    return value;
  };
  while (at < bytes.length) {
    slot += read();
    into.set(slot, (into.get(slot) ?? 0) + read());
  }
}

/** What a byte holds besides the bit that says that more follow. */
const BASE = 0x80;
/** A distance takes two bytes at most, and a count below 2 ** 53 eight. */
const LONGEST_PAIR_BYTES = 10;
