import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  InvalidArgumentError,
  NotConfiguredError,
  SessionUnknownError,
  TransitionRefusedError,
} from '../../../../src/errors/lifecycleErrors.js';
import { createLifecycle } from '../../../../src/handoff/lifecycle/lifecycle.js';
import type { Lifecycle } from '../../../../src/handoff/lifecycle/lifecycle.js';
import { createObserve } from '../../../../src/telemetry/observe.js';
import { systemClock } from '../../../../src/time/clock.js';
import { metrics, trace } from '@opentelemetry/api';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());

let number = 0;
async function session(columns = ''): Promise<{ id: string; key: string }> {
  number += 1;
  const key = `s${number}`;
  const outcome = await fixture.sessions.register({ sessionKey: key, agentFrom: 'a', metadata: {} });
  if (columns !== '') await fixture.sql(`UPDATE sessions SET ${columns} WHERE session_key = $1`, [key]);
  return { id: outcome.session.id, key };
}

const row = async (id: string): Promise<Record<string, unknown>> =>
  (await fixture.sql<Record<string, unknown>>('SELECT status, is_dormant, expires_at, ttl_hours FROM sessions WHERE id = $1', [id]))[0] ??
  {};
const events = async (id: string): Promise<string[]> =>
  (
    await fixture.sql<{ event_type: string }>(
      "SELECT event_type FROM session_lifecycle WHERE session_id = $1 AND event_data ->> 'cause' = 'operator' ORDER BY created_at",
      [id],
    )
  ).map(({ event_type: type }) => type);

const ENDED = "status = 'completed'";
const ARCHIVED = "status = 'expired', archived_at = now(), is_dormant = true";
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

it('each transition happens once, however many ask for it at the same time', async () => {
  const { id } = await session();
  const five = (work: () => Promise<void>): Promise<unknown> => Promise.all(Array.from({ length: 5 }, work));
  await five(() => fixture.lifecycle.markSessionDormant(id));
  expect(await row(id)).toMatchObject({ status: 'active', is_dormant: true });
  await five(() => fixture.lifecycle.reactivateSession(id));
  expect(await row(id)).toMatchObject({ status: 'active', is_dormant: false });
  const time = new Date('2031-02-03T04:05:06.789Z');
  await five(() => fixture.lifecycle.scheduleExpiration(id, time));
  expect(await row(id)).toMatchObject({ expires_at: time, ttl_hours: null });
  await five(() => fixture.lifecycle.expireSession(id));
  expect(await row(id)).toMatchObject({ status: 'expired', is_dormant: false });
  expect(await events(id)).toEqual(['dormant', 'reactivated', 'expiration_scheduled', 'expired']);
});

it('a session that was ended by hand is due for the archive at once', async () => {
  const { id } = await session();
  await fixture.lifecycle.expireSession(id);
  expect(await fixture.sql('SELECT expires_at <= now() AS due FROM sessions WHERE id = $1', [id])).toEqual([{ due: true }]);
});

it('a session expires at the time that was fixed by hand, although it was active since', async () => {
  const { id, key } = await session();
  const fixed = new Date(Date.now() - 1000);
  await fixture.lifecycle.scheduleExpiration(id, fixed);
  expect((await fixture.sessions.append({ sessionKey: key, contextType: 'message', content: 'x', metadata: {} })).kind).toBe('appended');
  await fixture.lifecycle.sweeps.expired();
  expect(await row(id)).toMatchObject({ status: 'expired' });
  // Readers are told that time, and the session is archived by it.
  expect(await fixture.sql('SELECT expires_at FROM sessions WHERE id = $1', [id])).toEqual([{ expires_at: fixed }]);
});

it.each([
  ['scheduleExpiration', ENDED, 'completed', 'expire'],
  ['expireSession', ENDED, 'completed', 'expire'],
  ['markSessionDormant', ENDED, 'completed', 'sleep'],
  ['reactivateSession', "status = 'expired'", 'expired', 'wake'],
  ['expireSession', ARCHIVED, 'archived', 'expire'],
  ['archiveSession', "status = 'active'", 'active', 'archive'],
  ['archiveSession', 'is_dormant = true', 'dormant', 'archive'],
] as const)('%s refuses a session with %s, naming its state and what is allowed', async (method, columns, state, transition) => {
  const { id } = await session(columns);
  const before = await row(id);
  const refused = await fixture.lifecycle[method](id, new Date()).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(TransitionRefusedError);
  expect(refused).toMatchObject({ code: 'HANDOFF_TRANSITION_REFUSED', data: { sessionId: id, transition, currentState: state } });
  const { allowed } = (refused as TransitionRefusedError).data;
  expect((refused as Error).message).toContain(`is ${state} and cannot ${transition}. It can only: ${allowed.join(', ')}.`);
  expect(await row(id)).toEqual(before);
  expect(await events(id)).toEqual([]);
});

it('where a session is already as asked, nothing happens', async () => {
  const active = await session();
  await fixture.lifecycle.reactivateSession(active.id);
  const archived = await session(ARCHIVED);
  await fixture.lifecycle.archiveSession(archived.id);
  expect([await events(active.id), await events(archived.id)]).toEqual([[], []]);
});

it.each(['scheduleExpiration', 'expireSession', 'archiveSession', 'markSessionDormant', 'reactivateSession'] as const)(
  '%s says that it knows no such session, and what an id is',
  async (method) => {
    await expect(fixture.lifecycle[method](UNKNOWN, new Date())).rejects.toBeInstanceOf(SessionUnknownError);
    for (const bad of ['a key', '', `${UNKNOWN}0`, undefined as unknown as string, 7 as unknown as string])
      await expect(fixture.lifecycle[method](bad, new Date())).rejects.toBeInstanceOf(InvalidArgumentError);
  },
);

it.each([new Date(Number.NaN), new Date('1969-12-31T23:59:59Z'), new Date('+010000-01-01T00:00:00Z'), '2030-01-01' as unknown as Date])(
  'scheduleExpiration refuses %s',
  async (time) => {
    const { id } = await session();
    await expect(fixture.lifecycle.scheduleExpiration(id, time)).rejects.toThrow(
      'expiresAt must be a valid Date in the years 1970 to 9999.',
    );
  },
);

it('drops what is cached of a session that ends, and keeps the packages of one that only sleeps', async () => {
  const { id, key } = await session("agent_to = 'bob:x'");
  fixture.cache.entries.clear();
  const cached = ['session:KEY:latest_context', 'handoff:bob%3Ax:KEY'].map((name) => name.replace('KEY', key));
  for (const name of cached) await fixture.cache.set(name, 'v', 60);
  await fixture.lifecycle.markSessionDormant(id);
  expect([...fixture.cache.entries.keys()]).toEqual([cached[1]]);
  await fixture.lifecycle.expireSession(id);
  expect([...fixture.cache.entries.keys()]).toEqual([]);
});

it('a cache that fails does not fail a transition (D7)', async () => {
  const { id } = await session();
  fixture.cache.failing = true;
  await fixture.lifecycle.expireSession(id);
  fixture.cache.failing = false;
  expect(await row(id)).toMatchObject({ status: 'expired' });
});

function over(options: Partial<Parameters<typeof createLifecycle<{ name: string }>>[0]>): Lifecycle<{ name: string }> {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const meter = metrics.getMeter('test');
  const observe = createObserve({ tracer: trace.getTracer('test'), meter, log, clock: systemClock });
  const none = { archive: undefined, retention: undefined, onPurged: undefined, timeOutHandoffs: undefined };
  return createLifecycle({ database: fixture.database, cache: fixture.cache, observe, clock: systemClock, meter, ...none, ...options });
}

const ARCHIVE = {
  archiveDue: async () => ({ archived: 0, failed: 0, hasMore: false }),
  sweepLeftovers: async () => 0,
  forget: () => undefined,
};

it('archives through the archive, and believes only what the database says afterwards', async () => {
  const { id } = await session(ENDED);
  const archive = vi.fn(async (sessionId: string) => fixture.sql('UPDATE sessions SET archived_at = now() WHERE id = $1', [sessionId]));
  const lifecycle = over({ archive: { ...ARCHIVE, archive } });
  await Promise.all([lifecycle.archiveSession(id), lifecycle.archiveSession(id)]);
  await lifecycle.archiveSession(id);
  expect(archive.mock.calls.length).toBeLessThanOrEqual(2);

  const other = await session(ENDED);
  await expect(over({ archive: { ...ARCHIVE, archive: async () => undefined } }).archiveSession(other.id)).rejects.toMatchObject({
    code: 'HANDOFF_CONCURRENT_CHANGE',
  });
  const failing = async (): Promise<never> => Promise.reject(new Error('the store is away'));
  await expect(over({ archive: { ...ARCHIVE, archive: failing } }).archiveSession(other.id)).rejects.toThrow('the store is away');
  await expect(over({}).archiveSession(other.id)).rejects.toBeInstanceOf(NotConfiguredError);
});

it('changes policies through retention, which records who did it', async () => {
  const updatePolicy = vi.fn(async () => undefined);
  await over({ retention: { updatePolicy, maintain: async () => undefined } }).updateRetentionPolicy({ name: 'short' });
  expect(updatePolicy).toHaveBeenCalledExactlyOnceWith({ name: 'short' }, 'SessionManagerService');
  await expect(over({}).updateRetentionPolicy({ name: 'short' })).rejects.toBeInstanceOf(NotConfiguredError);
});
