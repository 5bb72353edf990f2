import { expect, it } from 'vitest';
import type { StoreDependencies } from '../../../../src/handoff/archive/dependencies.js';
import { condemnObjects, forgetObjects } from '../../../../src/handoff/archive/sql/leftovers.js';
import { sweepLeftovers } from '../../../../src/handoff/archive/sweepLeftovers.js';
import type { Statement } from '../../../../src/handoff/storage/database.js';
import { FakeClock } from '../../../../src/testing.js';

interface Swept {
  readonly deps: StoreDependencies;
  readonly clock: FakeClock;
  /** How many keys each look for objects was to pass over. */
  readonly passedOver: number[];
  readonly noted: Set<string>;
}

/** `count` noted objects; of those whose number is divisible by `kept` the store says that they are not there. */
function swept(count: number, kept: number, { location = '/a', isPast = false } = {}): Swept {
  const noted = new Set(Array.from({ length: count }, (_, n) => `o/${n}`));
  const passedOver: number[] = [];
  const clock = new FakeClock();
  const query = async (statement: Statement, values: readonly unknown[] = []): Promise<unknown[]> => {
    if (statement === forgetObjects) for (const key of values[0] as string[]) noted.delete(key);
    if (statement !== condemnObjects) return [];
    const [, limit, staying] = values as [number, number, string[]];
    passedOver.push(staying.length);
    const found = [...noted].filter((key) => !staying.includes(key)).slice(0, limit);
    return found.map((key) => ({ object_key: key, store: 'files', location, is_past: isPast }));
  };
  const store = {
    kind: 'files',
    location: '/a',
    head: async (key: string) => (Number(key.slice(2)) % kept === 0 ? undefined : { bytes: 1 }),
    delete: async () => clock.advance(1000),
  };
  const observe = (_operation: string, _attributes: object, work: (scope: object) => unknown): unknown => work({ add: () => undefined });
  return {
    deps: { database: { query }, store, observe, clock, leftoverGraceMs: 0 } as unknown as StoreDependencies,
    clock,
    passedOver,
    noted,
  };
}

it('passes over those that stay, and does not compare others with all that it has deleted', async () => {
  const { deps, passedOver, noted } = swept(1000, 100);
  expect(await sweepLeftovers(deps)).toBe(990);
  expect([...noted]).toHaveLength(10);
  expect(passedOver).toEqual([0, 2, 4, 6, 8, 10]);
});

it('keeps the note of an object that is not there and was written to another place, however old the note is', async () => {
  const { deps, noted } = swept(4, 2, { location: '/elsewhere', isPast: true });
  expect(await sweepLeftovers(deps)).toBe(2);
  expect([...noted]).toEqual(['o/0', 'o/2']);
  const own = swept(4, 2, { isPast: true });
  expect(await sweepLeftovers(own.deps)).toBe(4);
});

it('ends when its time is up, and goes on the next time', async () => {
  const { deps, noted } = swept(300, 1000);
  expect(await sweepLeftovers(deps, { timeLimitMs: 30_000 })).toBe(29);
  expect(await sweepLeftovers(deps, { timeLimitMs: 0 })).toBe(0);
  expect(await sweepLeftovers(deps)).toBe(270);
  expect([...noted]).toEqual(['o/0']);
});

it('ends when it is told to', async () => {
  const { deps, clock } = swept(300, 1000);
  const stop = new AbortController();
  const ended = clock.sleep(5000).then(() => stop.abort());
  const deleted = sweepLeftovers(deps, { signal: stop.signal });
  await ended;
  expect(await deleted).toBeLessThan(10);
  expect(await sweepLeftovers(deps, { signal: stop.signal })).toBe(0);
});
