import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alwaysLightBytes, isTooHeavy } from '../../../../src/handoff/server/jsonWeight.js';

const bytes = (text: string): Buffer => Buffer.from(text);

/** Keys, and objects, arrays and commas, counted from the value itself. */
function weigh(value: unknown): { keys: number; values: number } {
  if (typeof value !== 'object' || value === null) return { keys: 0, values: 0 };
  const children: unknown[] = Object.values(value);
  const total = { keys: Array.isArray(value) ? 0 : children.length, values: 1 + Math.max(0, children.length - 1) };
  for (const child of children) {
    const { keys, values } = weigh(child);
    total.keys += keys;
    total.values += values;
  }
  return total;
}

describe('the weight of JSON text', () => {
  it.each([
    ['keys', '{"a":1,"b":{"c":1}}', { maxKeys: 3, maxValues: 99 }, { maxKeys: 2, maxValues: 99 }],
    ['elements', '[1,[2,3]]', { maxKeys: 0, maxValues: 4 }, { maxKeys: 0, maxValues: 3 }],
    [
      'what only looks like keys',
      String.raw`{"a:b,c[{":"d\":,[{\\","e":"\\\""}`,
      { maxKeys: 2, maxValues: 2 },
      { maxKeys: 1, maxValues: 2 },
    ],
    ['levels', '{"a":[[]],"b":[{}]}', { maxKeys: 9, maxValues: 9, maxDepth: 3 }, { maxKeys: 9, maxValues: 9, maxDepth: 2 }],
    ['brackets that never close', '[[[[', { maxKeys: 0, maxValues: 4 }, { maxKeys: 0, maxValues: 3 }],
  ])('counts %s', (_what, text, enough, tooLittle) => {
    expect(isTooHeavy(bytes(text), enough)).toBe(false);
    expect(isTooHeavy(bytes(text), tooLittle)).toBe(true);
  });

  it.each(['"', '"\\', '"\\"', String.raw`"\\\\`, '', '{"a', 'ä"'])('comes to an end on %j, which is no JSON', (text) => {
    expect(isTooHeavy(bytes(text), { maxKeys: 9, maxValues: 9 })).toBe(false);
  });

  it('is that of the value, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat({ max: 2 }), (value, indent) => {
        const { keys, values } = weigh(value);
        const text = bytes(JSON.stringify(value, null, indent));
        expect(isTooHeavy(text, { maxKeys: keys, maxValues: values })).toBe(false);
        if (keys > 0) expect(isTooHeavy(text, { maxKeys: keys - 1, maxValues: values })).toBe(true);
        if (values > 0) expect(isTooHeavy(text, { maxKeys: keys, maxValues: values - 1 })).toBe(true);
        if (text.length <= alwaysLightBytes({ maxKeys: 3, maxValues: 15 }))
          expect(isTooHeavy(text, { maxKeys: 3, maxValues: 15 })).toBe(false);
      }),
    );
  });

  it('is found within milliseconds, also in text made to be slow', () => {
    const startMs = performance.now();
    for (const text of ['\\'.repeat(4_000_000), `"${'\\'.repeat(3_999_998)}"`, '"\\"'.repeat(1_300_000), '"'.repeat(4_000_000)])
      isTooHeavy(bytes(text), { maxKeys: 10_000, maxValues: 50_000 });
    expect(performance.now() - startMs).toBeLessThan(2000);
  });
});
