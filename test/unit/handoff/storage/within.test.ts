import { describe, expect, it } from 'vitest';
import { TimedOut, within } from '../../../../src/handoff/storage/within.js';

describe('within', () => {
  it('passes on what the work gives, or throws', async () => {
    expect(await within(1000, async () => 'done')).toBe('done');
    await expect(within(1000, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
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
