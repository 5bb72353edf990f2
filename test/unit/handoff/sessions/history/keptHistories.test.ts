import { expect, it } from 'vitest';
import { KeptHistories, keptBytesOf } from '../../../../../src/handoff/sessions/history/keptHistories.js';
import type { KeptHistory } from '../../../../../src/handoff/sessions/history/keptHistories.js';
import { FakeClock } from '../../../../../src/testing.js';
import { noFacts } from '../samples.js';

const KIB = 1024;
const MIB = 1024 * KIB;
const history = (entriesBytes = 4 * KIB): KeptHistory => ({
  sessionId: 'id',
  facts: noFacts,
  contentBytes: 0,
  metadataBytes: 0,
  mark: 0n,
  entries: '[',
  entriesBytes,
});
/** Room for eight histories of 12 KiB, which are counted as 16 KiB with their facts. */
const historiesWith = (clock = new FakeClock()) => new KeptHistories(clock, { maxBytes: 128 * KIB, maxAgeMs: 1000 });
const keep = (histories: KeptHistories, sessionKey: string, kept = history(12 * KIB)): void =>
  histories.keep(histories.begin(), sessionKey, kept);
const keptOf = (histories: KeptHistories, keys: readonly string[]): string[] => keys.filter((key) => histories.get(key) !== undefined);

it('drops what was kept first, and counts a history that replaces another one once', () => {
  const histories = historiesWith();
  const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  for (const key of keys) keep(histories, key);
  keep(histories, 'a');
  expect(keptOf(histories, keys)).toEqual(keys);
  keep(histories, 'i');
  expect(keptOf(histories, [...keys, 'i'])).toEqual(['a', 'c', 'd', 'e', 'f', 'g', 'h', 'i']);
});

it('keeps no history that would take more than an eighth of the room, and not the one before it either', () => {
  const histories = historiesWith();
  keep(histories, 'a');
  keep(histories, 'a', history(12 * KIB + 1));
  expect(histories.get('a')).toBeUndefined();
});

it('keeps no history that was read while a session was erased: it may be the erased one', () => {
  const histories = historiesWith();
  const since = histories.begin();
  histories.forget('a');
  histories.keep(since, 'a', history());
  expect(histories.get('a')).toBeUndefined();
  keep(histories, 'a');
  histories.forget('a');
  expect(histories.get('a')).toBeUndefined();
});

it('drops what nobody has used for a time, without being asked', async () => {
  const clock = new FakeClock();
  const histories = historiesWith(clock);
  keep(histories, 'old');
  await clock.advance(600);
  keep(histories, 'used');
  await clock.advance(600);
  expect(keptOf(histories, ['old', 'used'])).toEqual(['used']);
  keep(histories, 'used');
  await clock.advance(900);
  expect(keptOf(histories, ['used'])).toEqual(['used']);
  await clock.advance(1000);
  expect(keptOf(histories, ['used'])).toEqual([]);
  keep(histories, 'later');
  await clock.advance(2000);
  expect(keptOf(histories, ['later'])).toEqual([]);
});

it('does not spin under a clock that never waits', async () => {
  const clock = new FakeClock();
  const histories = new KeptHistories(
    { nowMs: () => 0, monotonicMs: () => clock.monotonicMs(), sleep: async () => undefined },
    { maxBytes: 128 * KIB },
  );
  keep(histories, 'a');
  await new Promise((resolve) => setImmediate(resolve));
  expect(histories.get('a')?.entriesBytes).toBe(12 * KIB);
});

it.each([
  [4096 * MIB, 256 * MIB],
  [16_384 * MIB, 256 * MIB],
  [256 * MIB, 16 * MIB],
])('takes of a heap of %i bytes %i at most', (heapLimitBytes, bytes) => {
  expect(keptBytesOf(heapLimitBytes)).toBe(bytes);
});
