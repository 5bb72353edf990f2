import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { slotsOfHdr } from '../../../../../src/handoff/analytics/sketches/hdrText.js';
import { countAbove, middleOf, percentileOf, rangeOf, slotOf } from '../../../../../src/handoff/analytics/sketches/slots.js';

/** Values of many sizes, the same each time. */
function values(count: number): number[] {
  let state = 1;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.round(Math.exp((state / 2 ** 32) * 21));
  });
}

function histogram(of: readonly number[]): Map<number, number> {
  const slots = new Map<number, number>();
  for (const value of of) slots.set(slotOf(value), (slots.get(slotOf(value)) ?? 0) + 1);
  return slots;
}

describe('slots', () => {
  it.each([0, 1, 255, 256, 257, 511, 512, 513, 1_000_000, 2 ** 40 - 1, 2 ** 40, 140_737_488_355_327])('hold %i', (value) => {
    const { lowest, width } = rangeOf(slotOf(value));
    expect(value).toBeGreaterThanOrEqual(lowest);
    expect(value).toBeLessThan(lowest + width);
    expect(Math.abs(middleOf(slotOf(value)) - value)).toBeLessThanOrEqual(value * 0.004);
  });

  it('keep what is too small or too large at the ends', () => {
    expect(slotOf(-5)).toBe(0);
    expect(slotOf(1e300)).toBe(slotOf(140_737_488_355_327));
  });

  it('tell percentiles within 1 % of the exact ones', () => {
    const all = values(20_000);
    const sorted = [...all].sort((a, b) => a - b);
    for (const percent of [1, 25, 50, 90, 95, 99, 99.9, 100]) {
      const exact = sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? 0;
      expect(Math.abs((percentileOf(histogram(all), percent) ?? NaN) - exact)).toBeLessThanOrEqual(exact * 0.01);
    }
    expect(percentileOf(new Map(), 50)).toBeUndefined();
  });

  it('tell how many values are above a limit', () => {
    expect(countAbove(histogram([1, 2, 3, 1000, 5000]), 500)).toBe(2);
  });
});

describe('an HDR histogram as performance_logs has it', () => {
  it('is read slot by slot', () => {
    const made = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: 3_600_000_000,
      numberOfSignificantValueDigits: 2,
      bitBucketSize: 32,
      autoResize: false,
    });
    const all = values(5000).filter((value) => value < 3_600_000_000);
    for (const value of all) made.recordValue(value);
    expect(slotsOfHdr(encodeIntoCompressedBase64(made))).toEqual(histogram(all));
  });

  it.each(['', 'no base64 %%%', 'HISTFAAAAAA=', Buffer.alloc(60).toString('base64')])('is not made of %j', (text) => {
    expect(slotsOfHdr(text)).toBeUndefined();
  });
});
