import { describe, expect, it } from 'vitest';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { systemClock } from '../../../../src/time/clock.js';

function controlledClock(): { clock: typeof systemClock; advance(ms: number): void } {
  let nowMs = 1000;
  return { clock: { ...systemClock, monotonicMs: () => nowMs }, advance: (ms) => void (nowMs += ms) };
}

describe('memory cache', () => {
  it('forgets a value when its time to live is over', async () => {
    const { clock, advance } = controlledClock();
    const cache = await createMemoryCache({}, { clock });
    await cache.set('k', 'v', 10);
    advance(9_999);
    expect(await cache.get('k')).toBe('v');
    advance(2);
    expect(await cache.get('k')).toBeUndefined();
  });

  it('removes a key set with no time to live', async () => {
    const cache = await createMemoryCache({}, { clock: systemClock });
    for (const ttlSeconds of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await cache.set('k', 'old', 60);
      await cache.set('k', 'new', ttlSeconds);
      expect(await cache.get('k')).toBeUndefined();
    }
  });

  it('keeps the most recently used entries within its count', async () => {
    const cache = await createMemoryCache({ maxEntries: 2 }, { clock: systemClock });
    await cache.set('a', '1', 60);
    await cache.set('b', '2', 60);
    await cache.get('a');
    await cache.set('c', '3', 60);
    expect(await Promise.all(['a', 'b', 'c'].map((key) => cache.get(key)))).toEqual(['1', undefined, '3']);
  });

  it('keeps within its bytes, counted as UTF-8', async () => {
    const cache = await createMemoryCache({ maxBytes: 800 }, { clock: systemClock });
    for (let n = 0; n < 20; n += 1) await cache.set(`k${n}`, 'é'.repeat(40), 60);
    const kept = await Promise.all(Array.from({ length: 20 }, (_, n) => cache.get(`k${n}`)));
    expect(kept.filter((value) => value !== undefined)).toHaveLength(9);
    expect(kept[19]).toBe('é'.repeat(40));
  });

  it('counts a value as its caller does that knows its size', async () => {
    const cache = await createMemoryCache({ maxBytes: 800 }, { clock: systemClock });
    await cache.set('key', 'joined', 60, 90);
    expect(cache.size?.()).toMatchObject({ entries: 1, bytes: 94 });
    await cache.set('key', 'counted', 60);
    expect(cache.size?.()).toMatchObject({ entries: 1, bytes: 11 });
    await cache.set('large', 'joined', 60, 97);
    expect(await cache.get('large')).toBeUndefined();
  });

  it('does not let one large value push out the rest, and forgets the value it would have replaced', async () => {
    const cache = await createMemoryCache({ maxBytes: 800 }, { clock: systemClock });
    await cache.set('small', 'x', 60);
    await cache.set('large', 'was small once', 60);
    await cache.set('large', 'y'.repeat(200), 60);
    expect(await cache.get('large')).toBeUndefined();
    expect(await cache.get('small')).toBe('x');
  });

  it('deletes, and is empty after closing', async () => {
    const cache = await createMemoryCache({}, { clock: systemClock });
    await cache.set('a', '1', 60);
    await cache.set('b', '2', 60);
    await cache.delete('a');
    expect(await cache.get('a')).toBeUndefined();
    await cache.close();
    expect(await cache.get('b')).toBeUndefined();
  });
});
