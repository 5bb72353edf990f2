import { describe, expect, it } from 'vitest';
import { OutdatedKeys } from '../../../../src/handoff/storage/outdatedKeys.js';

describe('OutdatedKeys', () => {
  it('forgets the oldest beyond ten thousand', () => {
    const keys = new OutdatedKeys();
    for (let n = 0; n <= 10_000; n += 1) keys.add(`k${n}`);
    expect(keys.size).toBe(10_000);
    expect(keys.has('k0')).toBe(false);
    expect(keys.has('k10000')).toBe(true);
  });

  it('keeps what could not be dropped and stops there', async () => {
    const keys = new OutdatedKeys();
    for (const key of ['a', 'b', 'c']) keys.add(key);
    const tried: string[] = [];
    await keys.drain(async (key) => {
      tried.push(key);
      return key === 'a';
    });
    expect(tried).toEqual(['a', 'b']);
    expect(['a', 'b', 'c'].map((key) => keys.has(key))).toEqual([false, true, true]);
  });

  it('is not kept from the others by one that cannot be dropped, such as one on a node that is away', async () => {
    const keys = new OutdatedKeys();
    for (const key of ['away', 'a', 'b']) keys.add(key);
    const drop = async (key: string): Promise<boolean> => key !== 'away';
    await keys.drain(drop);
    await keys.drain(drop);
    expect(['away', 'a', 'b'].map((key) => keys.has(key))).toEqual([true, false, false]);
  });

  it('does not bring back a key that was written while it could not be dropped', async () => {
    const keys = new OutdatedKeys();
    keys.add('a');
    await keys.drain(async (key) => !keys.remove(key));
    expect(keys.size).toBe(0);
  });

  it('drains once at a time', async () => {
    const keys = new OutdatedKeys();
    keys.add('a');
    const first = Promise.withResolvers<boolean>();
    const running = keys.drain(() => first.promise);
    let second = 0;
    await keys.drain(async () => {
      second += 1;
      return true;
    });
    expect(second).toBe(0);
    first.resolve(true);
    await running;
    expect(keys.size).toBe(0);
  });
});
