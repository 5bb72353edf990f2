import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database, Statement } from '../../../../src/handoff/storage/database.js';
import { watchStorage } from '../../../../src/handoff/retention/watchStorage.js';
import { isTracingSuppressed } from '../../../../src/logging/suppression.js';
import { FakeClock } from '../../../../src/testing.js';

beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterAll(() => context.disable());

const HALF_HOUR_MS = 1_800_000;
const ANSWERS: Readonly<Record<string, readonly object[]>> = {
  handoff_read_database_size: [{ bytes: 1000 }],
  handoff_read_relations: [
    { table: 'sessions', table_bytes: 100, index_bytes: 50 },
    { table: 'context_history', table_bytes: 300, index_bytes: 0 },
  ],
  handoff_read_archive_size: [{ bytes: 77 }],
};

/** A watch over a database that answers, or does not. */
function watched() {
  const clock = new FakeClock();
  const stopping = new AbortController();
  const state = { isAway: false, asked: [] as string[], untraced: true, sizes: new Map<unknown, number>(), limit: 0 };
  const query = async ({ name }: Statement): Promise<object[]> => {
    state.asked.push(name);
    state.untraced &&= isTracingSuppressed(context.active());
    if (state.isAway) throw new Error('away');
    return [...(ANSWERS[name] ?? [])];
  };
  const record = {
    deletions: () => undefined,
    partitions: () => undefined,
    storageSize: (bytes: number, attributes: object) => void state.sizes.set(Object.values(attributes)[0], bytes),
    storageLimit: (bytes: number) => void (state.limit = bytes),
  };
  const ended = watchStorage({ database: { query } as unknown as Database, clock, record, storageLimitBytes: 5000 }, stopping.signal);
  return { clock, state, stopping, ended };
}

it('measures at once and every half hour, untraced, also after the database was away, until it is stopped', async () => {
  const { clock, state, stopping, ended } = watched();
  await expect.poll(() => state.asked).toEqual(Object.keys(ANSWERS));
  await expect.poll(() => state.limit).toBe(5000);
  expect(Object.fromEntries(state.sizes)).toEqual({ sessions: 150, context: 300, logs: 0, metrics: 0, archive: 77, other: 550 });

  state.isAway = true;
  await clock.advance(HALF_HOUR_MS);
  await expect.poll(() => state.asked.length).toBe(4);
  state.isAway = false;
  state.sizes.clear();
  await clock.advance(HALF_HOUR_MS);
  await expect.poll(() => state.sizes.size).toBe(6);
  expect([state.asked.length, state.untraced]).toEqual([7, true]);

  stopping.abort();
  await ended;
  expect(state.asked).toHaveLength(7);
});
