import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AppendOutcome } from '../../../../../src/handoff/sessions/appendContext.js';
import { createHandoffServices } from '../../../../../src/handoff/services.js';
import { FakeClock } from '../../../../../src/testing.js';
import { handoffFixture } from '../../../../setup/handoffFixture.js';
import { ALONE, AppendLab, numbers, TOGETHER } from './appendLab.js';

/** What happens to one call of a shared statement does not happen to the others. */

let lab: AppendLab;
beforeAll(async () => {
  lab = await AppendLab.open();
});
afterEach(() => lab.renew());
afterAll(() => lab.dispose());

it('an entry that the database refuses fails by itself, and the others are stored once', async () => {
  await lab.register('fine', 'refused');
  const results = await lab.whileBusy(() => [
    lab.append('fine', 'a'),
    lab.append('refused', 'a \u0000 in the text'),
    lab.append('fine', 'b'),
  ]);
  expect(numbers(results)[1]).toBe('rejected');
  expect(lab.fixture.sent.toSorted()).toEqual([TOGETHER, ALONE, ALONE, ALONE].toSorted());
  expect((await lab.contents('fine')).map((line) => line.slice(2)).toSorted()).toEqual(['a', 'b']);
  expect(await lab.contents('refused')).toEqual([]);
});

it('a session that somebody else has locked holds up nobody, and its entry is stored when it is free', async () => {
  await lab.register('locked', 'open');
  await lab.keeper.query('BEGIN');
  await lab.keeper.query("SELECT FROM sessions WHERE session_key = 'locked' FOR UPDATE");
  let isAnswered = false;
  let locked: Promise<AppendOutcome> | undefined;
  const [result] = await lab.whileBusy(() => {
    locked = lab.append('locked', 'late').finally(() => (isAnswered = true));
    return [lab.append('open', 'at once')];
  });
  expect(result).toMatchObject({ status: 'fulfilled', value: { kind: 'appended' } });
  await lab.waiters();
  expect(isAnswered).toBe(false);
  await lab.keeper.query('COMMIT');
  expect(await locked).toMatchObject({ kind: 'appended', entry: { sequenceNumber: 2 } });
});

describe('when the connection breaks', () => {
  it('all calls of the statement learn that its outcome is unknown, none is repeated, and the next ones succeed', async () => {
    await lab.register('cut', 'cut-too', 'after');
    await lab.close(2);
    const pending = lab.whileBusy(() => [lab.append('cut', 'gate 2'), lab.append('cut-too', 'x')]);
    await expect.poll(() => lab.fixture.sent, { timeout: 10_000 }).toContain(TOGETHER);
    const [pid] = await lab.waiters();
    await lab.fixture.sql('SELECT pg_terminate_backend($1)', [pid]);
    expect((await pending).map((result) => (result.status === 'rejected' ? (result.reason as { code?: string }).code : result))).toEqual([
      'HANDOFF_DATABASE_INTERRUPTED',
      'HANDOFF_DATABASE_INTERRUPTED',
    ]);
    await lab.open(2);
    expect(lab.fixture.sent).toEqual([TOGETHER]);
    expect([...(await lab.contents('cut')), ...(await lab.contents('cut-too'))]).toEqual([]);
    expect(await lab.append('after', 'x')).toMatchObject({ kind: 'appended' });
    expect(await lab.append('cut', 'y')).toMatchObject({ kind: 'appended', entry: { sequenceNumber: 2 } });
  });
});

it('whoever has waited for a second stands in line for a connection by itself', async () => {
  const clock = new FakeClock();
  await lab.register('first', 'second');
  const patient = lab.servicesWith({ clock });
  await lab.close(3);
  const first = lab.append('first', 'gate 3', patient);
  await lab.waiters();
  const second = lab.append('second', 'x', patient);
  await clock.advance(999);
  expect(lab.fixture.database.pool.waitingCount).toBe(0);
  await clock.advance(1);
  await expect.poll(() => lab.fixture.database.pool.waitingCount, { timeout: 10_000 }).toBe(1);
  await lab.open(3);
  expect(numbers(await Promise.allSettled([first, second]))).toEqual([2, 2]);
});

it('two replicas that write to the same sessions leave no gap and no number twice', async () => {
  const other = await handoffFixture({ poolSize: 2 });
  try {
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const replicas = [0, 1].map(() => createHandoffServices({ database: other.database, cache: other.cache, log }).sessions);
    const keys = ['r1', 'r2', 'r3'];
    for (const sessionKey of keys) await other.sessions.register({ sessionKey, agentFrom: 'planner', metadata: {} });
    const calls = Array.from({ length: 300 }, (_, index) =>
      lab.append(keys[index % 3] ?? '', `entry ${index}`, replicas[(index >> 2) % 2]),
    );
    const results = await Promise.allSettled(calls);
    for (const [place] of keys.entries()) {
      const own = numbers(results.filter((_, index) => index % 3 === place)) as number[];
      expect(own.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index + 2));
    }
    expect(other.sent).toContain(TOGETHER);
  } finally {
    await other.dispose();
  }
});
