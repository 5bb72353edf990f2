import { beforeEach, describe, expect, it } from 'vitest';
import { ConnectHook } from '../../../../../src/instrumentation/mcp/patching/connectHook.js';

let events: string[];
beforeEach(() => {
  events = [];
});

class Wire {
  start(): Promise<void> {
    events.push('start');
    return Promise.resolve();
  }
  send(): Promise<void> {
    return Promise.resolve();
  }
}

class Base {
  async connect(transport: Wire, ...more: unknown[]): Promise<unknown> {
    events.push(`connect${more.length === 0 ? '' : ` ${more.join(' ')}`}`);
    await transport.start();
    return this;
  }
}

class Derived extends Base {
  override connect(transport: Wire, ...more: unknown[]): Promise<unknown> {
    events.push('override');
    return super.connect(transport, ...more);
  }
}

const hook = (): ConnectHook =>
  new ConnectHook(() => {
    events.push('about to');
    return () => events.push('attach');
  });

describe('the connect hook', () => {
  it("attaches between the SDK's set-up and the transport's start, once where an override and its base both pass", async () => {
    const hooked = hook();
    hooked.cover(new Derived());
    const wire = new Wire();
    const side = new Derived();
    expect(await side.connect(wire, 'option')).toBe(side);
    expect(events).toEqual(['about to', 'override', 'connect option', 'attach', 'start']);
    expect(Object.hasOwn(wire, 'start')).toBe(false);
    hooked.release();
  });

  it('covers prototypes and objects with a connect of their own, and puts both back', () => {
    const own = Object.assign(new Base(), { connect: Base.prototype.connect });
    const before = [
      Object.getOwnPropertyDescriptors(own),
      Object.getOwnPropertyDescriptors(Base.prototype),
      Object.getOwnPropertyDescriptors(Derived.prototype),
    ];
    const hooked = hook();
    hooked.cover(own);
    hooked.cover(Derived.prototype);
    hooked.cover(Derived.prototype);
    expect(Object.getOwnPropertyDescriptors(own)).not.toEqual(before[0]);
    hooked.release();
    expect([
      Object.getOwnPropertyDescriptors(own),
      Object.getOwnPropertyDescriptors(Base.prototype),
      Object.getOwnPropertyDescriptors(Derived.prototype),
    ]).toEqual(before);
  });

  it('does nothing more once released, also where its replacement is still called', async () => {
    const hooked = hook();
    hooked.cover(Base.prototype);
    const { connect } = Base.prototype;
    hooked.release();
    await connect.call(new Base(), new Wire());
    expect(events).toEqual(['connect', 'start']);
  });

  it('leaves what cannot be changed, and connects what is no transport as before', async () => {
    const frozen = Object.freeze(Object.assign(Object.create(null) as object, { connect: () => 'connected' }));
    const hooked = hook();
    hooked.cover(frozen);
    hooked.cover(Base.prototype);
    await expect(new Base().connect(undefined as never)).rejects.toThrow(TypeError);
    expect(events).toEqual(['connect']);
    hooked.release();
  });

  it('takes itself out of a transport whose connect failed before its start', async () => {
    class Refusing {
      connect(_transport: Wire): Promise<void> {
        return Promise.reject(new Error('refused'));
      }
    }
    class Throwing {
      connect(_transport: Wire): never {
        throw new Error('thrown');
      }
    }
    const hooked = hook();
    hooked.cover(Refusing.prototype);
    hooked.cover(Throwing.prototype);
    const wire = new Wire();
    await expect(new Refusing().connect(wire)).rejects.toThrow('refused');
    expect(() => new Throwing().connect(wire)).toThrow('thrown');
    expect(Object.hasOwn(wire, 'start')).toBe(false);
    expect(events).toEqual(['about to', 'about to']);
    hooked.release();
  });

  it('connects as before when telemetry throws', async () => {
    const hooked = new ConnectHook(() => {
      throw new Error('broken');
    });
    hooked.cover(Base.prototype);
    await new Base().connect(new Wire());
    expect(events).toEqual(['connect', 'start']);
    hooked.release();
  });
});
