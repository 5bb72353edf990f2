import { describe, expect, it } from 'vitest';
import { TimedOut, isOverWithin, within } from '../../../src/time/within.js';

describe('within', () => {
  it('passes on what the work gives, or throws', async () => {
    expect(await within(1000, async () => 'done')).toBe('done');
    await expect(within(1000, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  });

  it('keeps no process alive when the work is done', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    const done = within(60_000, async () => 'done');
    expect(timers()).toBe(before + 1);
    await done;
    expect(timers()).toBe(before);
  });

  it('gives up in time, and swallows a failure that comes later', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', note);
    const work = Promise.withResolvers<string>();
    await expect(within(5, () => work.promise)).rejects.toBeInstanceOf(TimedOut);
    work.reject(new Error('late'));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});

describe('isOverWithin', () => {
  it('says whether the work is over, whichever way it ended', async () => {
    expect(await isOverWithin(1000, Promise.resolve('done'))).toBe(true);
    expect(await isOverWithin(1000, Promise.reject(new Error('failed')))).toBe(true);
    expect(await isOverWithin(5, new Promise(() => undefined))).toBe(false);
  });
});
