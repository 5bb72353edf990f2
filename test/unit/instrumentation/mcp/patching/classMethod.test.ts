import { describe, expect, it } from 'vitest';
import { ClassMethod } from '../../../../../src/instrumentation/mcp/patching/classMethod.js';
import type { SwitchedOn } from '../../../../../src/instrumentation/mcp/patching/classMethod.js';

interface State extends SwitchedOn {
  seen: unknown[];
}

function hook(): { method: ClassMethod<State>; on: (instance: object) => State | undefined } {
  const states = new WeakMap<object, State>();
  const method = new ClassMethod<State>(
    'send',
    (instance) => states.get(instance),
    (state, original, self, args) => {
      state.seen.push(args[0]);
      return original.apply(self, args);
    },
  );
  const on = (instance: object): State | undefined => {
    const state: State = { holder: undefined, seen: [] };
    states.set(instance, state);
    return method.switchOn(instance, state) ? state : undefined;
  };
  return { method, on };
}

function classes() {
  class Base {
    readonly sent: unknown[] = [];
    send(message: unknown): this {
      this.sent.push(message);
      return this;
    }
  }
  class Override extends Base {
    override send(message: unknown): this {
      return super.send(message);
    }
  }
  class Plain extends Base {}
  return { Base, Override, Plain };
}

describe('a method of a class', () => {
  it('is wrapped once, runs for the instances that are switched on, and leaves these as they are', () => {
    const { Plain } = classes();
    const { on } = hook();
    const [one, other, off] = [new Plain(), new Plain(), new Plain()];
    const states = [on(one), on(other)];
    const { send } = Plain.prototype;
    on(new Plain());
    expect(Plain.prototype.send).toBe(send);
    expect(one.send(1)).toBe(one);
    other.send(2);
    off.send(3);
    expect(states.map((state) => state?.seen)).toEqual([[1], [2]]);
    expect([one, other, off].map(({ sent }) => sent)).toEqual([[1], [2], [3]]);
    expect(Reflect.ownKeys(one)).toEqual(['sent']);
  });

  it('counts once where an override calls its parent, also when both are wrapped', () => {
    const { Base, Override } = classes();
    const { on } = hook();
    const [base, override] = [new Base(), new Override()];
    const states = [on(base), on(override)];
    override.send(1);
    base.send(2);
    expect(states.map((state) => state?.seen)).toEqual([[2], [1]]);
  });

  it('is left alone where an instance has its own, other code has wrapped it since, or the class refuses', () => {
    const { Base, Plain } = classes();
    const { on } = hook();
    expect(on(Object.assign(new Plain(), { send: () => undefined }))).toBeUndefined();
    expect(on(new Plain())?.holder).toBe(Base.prototype);
    const { send } = Base.prototype;
    Base.prototype.send = function (message) {
      send.call(this, message);
      return this;
    };
    expect(on(new Plain())).toBeUndefined();
    const { Base: Frozen } = classes();
    Object.freeze(Frozen.prototype);
    expect(on(new Frozen())).toBeUndefined();
    expect(on(Object.create(null) as object)).toBeUndefined();
    expect(on(Object.create({ send: 'no function' }) as object)).toBeUndefined();
  });

  it('does nothing for an instance that is switched off, and the class gets its own back', () => {
    const { Base, Plain } = classes();
    const before = Object.getOwnPropertyDescriptors(Base.prototype);
    const { method, on } = hook();
    const instance = new Plain();
    const state = on(instance);
    if (state !== undefined) state.holder = undefined;
    instance.send(1);
    expect([state?.seen, instance.sent]).toEqual([[], [1]]);
    const ours = Base.prototype.send;
    Base.prototype.send = () => instance;
    method.release();
    Base.prototype.send = ours;
    method.release();
    expect(Object.getOwnPropertyDescriptors(Base.prototype)).toEqual(before);
    expect(Reflect.ownKeys(Plain.prototype)).toEqual(['constructor']);
  });
});
