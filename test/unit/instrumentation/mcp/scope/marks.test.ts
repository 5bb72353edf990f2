import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Marks } from '../../../../../src/instrumentation/mcp/scope/marks.js';

const KINDS: readonly [string, () => object][] = [
  ['an object', () => ({ a: 1 })],
  ['an instance of a class', () => new Map()],
  ['a function', () => () => undefined],
  ['a frozen object', () => Object.freeze({ a: 1 })],
  [
    'a Proxy whose traps throw',
    () =>
      new Proxy(
        {},
        new Proxy(
          {},
          {
            get: () => () => {
              throw new Error('trapped');
            },
          },
        ),
      ),
  ],
];

describe('marks', () => {
  it.each(KINDS)('are kept, replaced and removed like entries of a weak map: on %s', (_kind, make) => {
    const marks = new Marks<object, string>();
    const [one, other] = [make(), make()];
    expect([marks.get(one), marks.has(one), marks.delete(one)]).toEqual([undefined, false, false]);
    marks.set(one, 'first').set(one, 'second');
    expect([marks.get(one), marks.has(one), marks.has(other)]).toEqual(['second', true, false]);
    expect([marks.delete(one), marks.delete(one), marks.get(one)]).toEqual([true, false, undefined]);
    expect(marks.set(one, 'again').get(one)).toBe('again');
  });

  it('of several kinds are apart, on one object', () => {
    const [some, others] = [new Marks<object, number>(), new Marks<object, number>()];
    const key = {};
    some.set(key, 1);
    expect(others.has(key)).toBe(false);
    others.set(key, 2);
    expect([some.get(key), others.get(key)]).toEqual([1, 2]);
  });

  it('are weak maps to whoever asks, and cannot be seen on what is marked', () => {
    const marks = new Marks<object, string>();
    const [key, same] = [{ a: { b: 1 } }, { a: { b: 1 } }];
    marks.set(key, 'marked');
    expect(marks).toBeInstanceOf(WeakMap);
    expect(Reflect.ownKeys(key)).toEqual(['a']);
    expect(key).toStrictEqual(same);
    expect(inspect(key, { showHidden: true })).toBe(inspect(same, { showHidden: true }));
    expect(marks.has(structuredClone(key))).toBe(false);
    expect(marks.has({ ...key })).toBe(false);
    expect(marks.has(Object.create(key) as object)).toBe(false);
  });
});
