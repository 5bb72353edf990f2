import { describe, expect, it } from 'vitest';
import { addPacked, packSlots } from '../../../../../src/handoff/analytics/sketches/packed.js';
import { slotOf } from '../../../../../src/handoff/analytics/sketches/slots.js';

describe('a packed histogram', () => {
  it.each([
    ['nothing', []],
    ['the first slot', [[0, 1]]],
    [
      'neighbours',
      [
        [0, 1],
        [1, 127],
        [2, 128],
        [3, 16_383],
        [4, 16_384],
      ],
    ],
    [
      'what is far apart',
      [
        [3, 2],
        [slotOf(1e300), 1],
      ],
    ],
    [
      'counts beyond 32 bits',
      [
        [7, 2 ** 31],
        [300, 2 ** 32 + 5],
        [301, Number.MAX_SAFE_INTEGER],
      ],
    ],
  ] as const)('has %s', (_name, pairs) => {
    const into = new Map<number, number>();
    addPacked(into, packSlots(new Map(pairs)));
    expect([...into]).toEqual(pairs);
  });

  it('is added to what is there', () => {
    const into = new Map([
      [5, 1],
      [300, 2],
    ]);
    addPacked(
      into,
      packSlots(
        new Map([
          [5, 3],
          [6, 4],
        ]),
      ),
    );
    expect(into).toEqual(
      new Map([
        [5, 4],
        [300, 2],
        [6, 4],
      ]),
    );
  });

  it('is the same in whatever order slots were counted', () => {
    expect(
      packSlots(
        new Map([
          [900, 2],
          [5, 1],
        ]),
      ),
    ).toBe(
      packSlots(
        new Map([
          [5, 1],
          [900, 2],
        ]),
      ),
    );
  });

  it('takes three characters a slot, where counts are small', () => {
    const slots = new Map(Array.from({ length: 900 }, (_, n) => [n + 100, (n % 9) + 1]));
    expect(packSlots(slots).length).toBeLessThanOrEqual(900 * 3);
  });
});
