import { expect, it } from 'vitest';
import type { AnyFunction } from '../../../../src/values/guards.js';
import { wrapMethod } from '../../../../src/instrumentation/patching/wrapMethod.js';

const base = () =>
  class {
    ask(question: string, _other?: string): string {
      return `base ${question}`;
    }
  };
const loud = (original: AnyFunction): AnyFunction =>
  function (this: unknown, ...args: unknown[]) {
    return `${String(Reflect.apply(original, this, args))}!`;
  };

it('wraps and restores exactly, name and length included', () => {
  const Base = base();
  const before = Object.getOwnPropertyDescriptor(Base.prototype, 'ask');
  const { isInPlace, restore } = wrapMethod(Base.prototype, 'ask', loud);
  expect(new Base().ask('x')).toBe('base x!');
  expect([Base.prototype.ask.name, Base.prototype.ask.length, Object.keys(Base.prototype), isInPlace()]).toEqual(['ask', 2, [], true]);
  restore();
  expect(Object.getOwnPropertyDescriptor(Base.prototype, 'ask')).toEqual(before);
  expect(isInPlace()).toBe(false);
});

it('wraps an inherited method where it is, so that it is wrapped once for all', () => {
  const Base = base();
  class Derived extends Base {}
  const { restore } = wrapMethod(Derived.prototype, 'ask', loud);
  expect([new Derived().ask('x'), new Base().ask('x')]).toEqual(['base x!', 'base x!']);
  expect(Object.hasOwn(Derived.prototype, 'ask')).toBe(false);
  restore();
  expect(new Derived().ask('x')).toBe('base x');
});

it('leaves a wrapper on top of ours in place, and only calls through', () => {
  const Base = base();
  const { restore, isInPlace } = wrapMethod(Base.prototype, 'ask', loud);
  const ours = Base.prototype.ask;
  const theirs = function (this: InstanceType<typeof Base>, question: string): string {
    return `<${ours.call(this, question)}>`;
  };
  Base.prototype.ask = theirs;
  expect([new Base().ask('x'), isInPlace()]).toEqual(['<base x!>', false]);
  restore();
  expect(Base.prototype.ask).toBe(theirs);
  expect(new Base().ask('x')).toBe('<base x>');
});

it('can be taken off by an instrumentation that knows the marks', () => {
  const Base = base();
  const original = Base.prototype.ask;
  wrapMethod(Base.prototype, 'ask', loud);
  const marked = Base.prototype.ask as unknown as { __original: unknown; __wrapped: unknown; __unwrap: () => void };
  expect([marked.__original, marked.__wrapped]).toEqual([original, true]);
  marked.__unwrap();
  expect(Base.prototype.ask).toBe(original);
});

it('does nothing about a method that is not there', () => {
  const Base = base();
  const { isInPlace, restore } = wrapMethod(Base.prototype, 'tell', loud);
  restore();
  expect(isInPlace()).toBe(false);
  expect(Object.hasOwn(Base.prototype, 'tell')).toBe(false);
});
