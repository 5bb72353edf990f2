import { describe, expect, it } from 'vitest';
import { Remembered } from '../../../../../src/instrumentation/mcp/patching/remembered.js';
import { collectGarbage } from '../garbage.js';

describe('what is remembered', () => {
  it('comes back once, young and old, except what was forgotten', () => {
    const remembered = new Remembered<object>();
    const kept = Array.from({ length: 600 }, (_, index) => ({ index }));
    for (const each of kept) remembered.add(each, () => () => undefined);
    const last = kept.at(-1) ?? {};
    remembered.forget(last);
    const drained = new Set(remembered.drain());
    expect(drained).toEqual(new Set(kept.slice(0, -1)));
    expect(remembered.drain()).toEqual([]);
  });

  it('is not held once it is no longer young, and what is left to do is done when it is gone', async () => {
    const remembered = new Remembered<object>();
    const kept = {};
    let gone = 0;
    remembered.add(kept, () => () => (gone += 1000));
    for (let index = 0; index < 10; index += 1) remembered.add({ index }, () => () => (gone += 1));
    await collectGarbage();
    remembered.sweep();
    expect(gone).toBe(0);
    await collectGarbage();
    remembered.sweep();
    remembered.sweep();
    expect(gone).toBe(10);
    expect(remembered.drain()).toEqual([kept]);
  });

  it('lets go of what is crowded out by younger ones', async () => {
    const remembered = new Remembered<object>();
    let gone = 0;
    for (let index = 0; index < 300; index += 1) remembered.add({ index }, () => () => (gone += 1));
    await collectGarbage();
    for (let index = 0; index < 64; index += 1) remembered.add({ index }, () => () => (gone += 1));
    expect(gone).toBeGreaterThanOrEqual(44);
  });

  it('asks what to do when something is gone only of what was not forgotten young', () => {
    const remembered = new Remembered<object>();
    let asked = 0;
    for (let index = 0; index < 1000; index += 1) {
      const value = { index };
      remembered.add(value, () => {
        asked += 1;
        return () => undefined;
      });
      remembered.forget(value);
    }
    remembered.sweep();
    expect(asked).toBe(0);
  });
});
