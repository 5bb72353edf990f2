import { describe, expect, it } from 'vitest';
import { WeakList } from '../../../../src/mcp/patching/weakList.js';
import { collectGarbage } from '../garbage.js';

describe('a weak list', () => {
  it('gives back what lives, once', () => {
    const list = new WeakList<object>();
    const kept = Array.from({ length: 200 }, (_, index) => ({ index }));
    for (const each of kept) list.add(each);
    expect(list.drain()).toEqual(kept);
    expect(list.drain()).toEqual([]);
  });

  it('holds nothing, and tells once what is gone when it is looked through', async () => {
    const list = new WeakList<object>();
    const kept = {};
    let gone = 0;
    list.add(kept, () => (gone += 100));
    for (let index = 0; index < 10; index += 1) list.add({ index }, () => (gone += 1));
    await collectGarbage();
    expect(gone).toBe(0);
    list.sweep();
    list.sweep();
    expect(gone).toBe(10);
    expect(list.drain()).toEqual([kept]);
  });

  it('looks itself through as it grows', async () => {
    const list = new WeakList<object>();
    let gone = 0;
    for (let index = 0; index < 60; index += 1) list.add({ index }, () => (gone += 1));
    await collectGarbage();
    for (let index = 0; index < 4; index += 1) list.add({ index });
    expect(gone).toBe(60);
  });
});
