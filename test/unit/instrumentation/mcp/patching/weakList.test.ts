import { describe, expect, it } from 'vitest';
import { WeakList } from '../../../../../src/instrumentation/mcp/patching/weakList.js';
import { collectGarbage } from '../garbage.js';

describe('a weak list', () => {
  it('gives back what lives, once', () => {
    const list = new WeakList<object>();
    const kept = Array.from({ length: 200 }, (_, index) => ({ index }));
    for (const each of kept) list.add(each);
    expect(list.drain()).toEqual(kept);
    expect(list.drain()).toEqual([]);
  });

  it('holds nothing', async () => {
    const list = new WeakList<object>();
    const kept = {};
    list.add(kept);
    for (let index = 0; index < 10; index += 1) list.add({ index });
    await collectGarbage();
    expect(list.drain()).toEqual([kept]);
  });
});
