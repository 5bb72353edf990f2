import { describe, expect, it } from 'vitest';
import { Patch } from '../../../../../src/instrumentation/mcp/patching/patch.js';

class Base {
  greet(): string {
    return 'base';
  }
}
class Derived extends Base {}
const ours = (): string => 'ours';

describe('a patch', () => {
  it('of an inherited method is not enumerable and leaves nothing behind', () => {
    const target = new Derived();
    const patch = new Patch<Base>(target, 'greet', ours);
    expect(target.greet()).toBe('ours');
    expect(Object.keys(target)).toEqual([]);
    expect(patch.is(ours)).toBe(true);
    patch.restore();
    expect(Object.hasOwn(target, 'greet')).toBe(false);
    expect(target.greet()).toBe('base');
  });

  it.each([true, false])('of an own method puts back its very descriptor, enumerable %s', (enumerable) => {
    const target = new Base();
    const greet = (): string => 'own';
    Object.defineProperty(target, 'greet', { value: greet, enumerable, configurable: true, writable: false });
    const before = Object.getOwnPropertyDescriptor(target, 'greet');
    const patch = new Patch(target, 'greet', ours);
    expect(Object.getOwnPropertyDescriptor(target, 'greet')).toMatchObject({ value: ours, enumerable });
    patch.restore();
    expect(Object.getOwnPropertyDescriptor(target, 'greet')).toEqual(before);
  });

  it('of an accessor goes through its setter both times', () => {
    const inner: { onmessage: unknown } = { onmessage: 'theirs' };
    class Passing {
      get onmessage(): unknown {
        return inner.onmessage;
      }
      set onmessage(value: unknown) {
        inner.onmessage = value;
      }
    }
    const target = new Passing();
    const patch = new Patch(target, 'onmessage', ours);
    expect(inner.onmessage).toBe(ours);
    expect(Object.hasOwn(target, 'onmessage')).toBe(false);
    patch.restore();
    expect(inner.onmessage).toBe('theirs');
  });

  it.each([
    ['frozen', (): Base => Object.freeze(new Base())],
    ['sealed against it', (): Base => Object.defineProperty(new Base(), 'greet', { value: ours, writable: false, configurable: false })],
    [
      'an accessor that keeps nothing',
      (): Base => Object.defineProperty(new Base(), 'greet', { get: () => () => 'fixed', set: () => undefined }),
    ],
  ])('of what cannot be changed (%s) throws and changes nothing', (_what, make) => {
    const target = make();
    const before = target.greet();
    expect(() => new Patch(target, 'greet', () => 'other')).toThrow(TypeError);
    expect(target.greet()).toBe(before);
  });

  it('that somebody has replaced since leaves theirs', () => {
    const target = new Derived();
    const patch = new Patch<Base>(target, 'greet', ours);
    const theirs = (): string => 'theirs';
    target.greet = theirs;
    expect(patch.is(target.greet)).toBe(false);
    patch.restore();
    expect(target.greet).toBe(theirs);
  });

  it('of what was frozen since is left without an error', () => {
    const target = new Derived();
    const patch = new Patch<Base>(target, 'greet', ours);
    Object.freeze(target);
    patch.restore();
    expect(target.greet()).toBe('ours');
  });
});
