/**
 * Histograms with two significant digits, whose slots are the counts of an HDR histogram: values up to 255 are exact, larger ones are known
 * within 0.4 %. Counts of the same slot are added, so that histograms of any ranges make exactly the histogram of all of them.
 *
 * The database computes slots by `handoff_slot()`, and a test compares both.
 */

/** How many values fell into each slot. */
export type Slots = ReadonlyMap<number, number>;

const SLOTS_PER_POWER = 128;
const EXACT_BELOW = 256;
/** Five years in microseconds, and 128 TiB. What is larger counts as this. */
const HIGHEST = 140_737_488_355_327;

/** Returns the slot of a value, which is rounded to a whole number; what is negative counts as 0. */
export function slotOf(value: number): number {
  const whole = Math.min(HIGHEST, Math.max(0, Math.round(value)));
  const power = powerOf(whole);
  return power * SLOTS_PER_POWER + Math.floor(whole / 2 ** power);
}

/** How often a value has to be halved to be below 256. */
function powerOf(whole: number): number {
  let power = 0;
  for (let rest = whole; rest >= EXACT_BELOW; rest = Math.floor(rest / 2)) power += 1;
  return power;
}

/** Returns the value in the middle of a slot. */
export function middleOf(slot: number): number {
  const { lowest, width } = rangeOf(slot);
  return lowest + (width - 1) / 2;
}

/** Returns the lowest value of a slot, and how many whole values it has. */
export function rangeOf(slot: number): { readonly lowest: number; readonly width: number } {
  const power = slot < EXACT_BELOW ? 0 : Math.floor(slot / SLOTS_PER_POWER) - 1;
  const width = 2 ** power;
  return { lowest: (slot - power * SLOTS_PER_POWER) * width, width };
}

/**
 * Returns the value that `percent` of all values do not exceed, within 0.4 %; `undefined` without any value.
 *
 * @param percent from 0 to 100
 */
export function percentileOf(slots: Slots, percent: number): number | undefined {
  const ordered = [...slots].sort(([a], [b]) => a - b);
  const total = ordered.reduce((sum, [, count]) => sum + count, 0);
  const rank = Math.max(1, Math.ceil((percent / 100) * total));
  let seen = 0;
  for (const [slot, count] of ordered) {
    seen += count;
    if (seen >= rank) return middleOf(slot);
  }
  return undefined;
}

/** How many values are above a limit. A slot that the limit divides counts by its middle. */
export function countAbove(slots: Slots, limit: number): number {
  let above = 0;
  for (const [slot, count] of slots) if (middleOf(slot) > limit) above += count;
  return above;
}
