import { afterEach, describe, expect, it } from 'vitest';
import type { ClassListener } from '../../../../src/instrumentation/loading/fieldMarks.js';
import { INSTANCE_KEY, openInstances } from '../../../../src/instrumentation/loading/instances.js';

const ends: (() => void)[] = [];
const open = (listener: ClassListener): void => void ends.push(openInstances(listener));

/** What a changed initialiser does. */
function handOver(instance: unknown): void {
  const entrance = Reflect.get(globalThis, INSTANCE_KEY) as ((instance: unknown) => void) | undefined;
  entrance?.(instance);
}

class Base {
  constructor() {
    handOver(this);
  }
}
class Derived extends Base {}

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

describe('instances that hand themselves over', () => {
  it('tell each listener of each class once', () => {
    const seen: object[] = [];
    open(({ prototype }) => void seen.push(prototype));
    open(({ prototype }) => void seen.push(prototype));
    for (const made of [Base, Derived, Derived, Base]) Reflect.construct(made, []);
    expect(seen).toEqual([Base.prototype, Base.prototype, Derived.prototype, Derived.prototype]);
  });

  it.each([undefined, null, 'text', 7, Object.create(null)])('are ignored when they are none: %o', (value) => {
    const seen: object[] = [];
    open(({ prototype }) => void seen.push(prototype));
    handOver(value);
    expect(seen).toEqual([]);
  });

  it('are built whatever a listener does', () => {
    const seen: object[] = [];
    open(() => {
      throw new Error('ours');
    });
    open(({ prototype }) => void seen.push(prototype));
    expect(new Base()).toBeInstanceOf(Base);
    expect(seen).toEqual([Base.prototype]);
  });

  it('find nobody once the last listener is closed, and never a global that can be listed', () => {
    open(() => undefined);
    open(() => undefined);
    expect(Object.keys(globalThis)).not.toContain(INSTANCE_KEY);
    ends.pop()?.();
    expect(INSTANCE_KEY in globalThis).toBe(true);
    ends.pop()?.();
    expect(INSTANCE_KEY in globalThis).toBe(false);
  });
});
