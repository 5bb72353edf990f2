import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** Defects of the earlier server (handoff contract, 3.3) that lifecycle must not have. */

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());
beforeEach(async () => {
  await fixture.sql('TRUNCATE sessions, session_lifecycle, deletion_records CASCADE');
  fixture.cache.failing = false;
});

const age = (sessionKey: string, hours: number): Promise<unknown> =>
  fixture.sql(
    `UPDATE sessions SET created_at = created_at - $2 * interval '1 hour', last_activity_at = last_activity_at - $2 * interval '1 hour',
       expires_at = expires_at - $2 * interval '1 hour', dormancy_check_at = dormancy_check_at - $2 * interval '1 hour' WHERE session_key = $1`,
    [sessionKey, hours],
  );
const register = (sessionKey: string) => fixture.sessions.register({ sessionKey, agentFrom: 'a', metadata: {} });
const append = (sessionKey: string) => fixture.sessions.append({ sessionKey, contextType: 'message', content: 'x', metadata: {} });
const sweepAll = async (): Promise<void> => {
  await fixture.lifecycle.sweeps.expired();
  await fixture.lifecycle.sweeps.dormant();
  await fixture.lifecycle.sweeps.orphans();
  await fixture.lifecycle.sweeps.purge();
};
const eventTypes = async (): Promise<string[]> =>
  (await fixture.sql<{ event_type: string }>('SELECT event_type FROM session_lifecycle ORDER BY created_at, event_type')).map(
    ({ event_type: type }) => type,
  );

it('D1: nothing but activity writes last_activity_at', async () => {
  const { session } = await register('k');
  await age('k', 10);
  const idle = (): Promise<unknown> => fixture.sql('SELECT last_activity_at FROM sessions');
  const before = await idle();
  await fixture.lifecycle.sweeps.dormant();
  await fixture.lifecycle.reactivateSession(session.id);
  await fixture.lifecycle.markSessionDormant(session.id);
  await fixture.lifecycle.scheduleExpiration(session.id, new Date(Date.now() + 1e9));
  await fixture.lifecycle.expireSession(session.id);
  expect(await idle()).toEqual(before);
});

it('D2: each transition writes one event, and an expiry no second one', async () => {
  await register('k');
  await age('k', 3);
  await sweepAll();
  await append('k');
  await age('k', 30);
  await sweepAll();
  await sweepAll();
  expect(await eventTypes()).toEqual(['created', 'expiration_scheduled', 'dormant', 'reactivated', 'expired']);
});

it('D3: logs do not keep a session from being deleted', async () => {
  const { session } = await register('k');
  await fixture.sql("INSERT INTO performance_logs (operation, duration_ms, success, session_id) VALUES ('handoff', 0.4, true, $1)", [
    session.id,
  ]);
  await fixture.sql("UPDATE sessions SET status = 'expired', archived_at = now() - interval '31 days'");
  expect(await fixture.lifecycle.sweeps.purge()).toMatchObject({ changed: 1 });
  expect(await fixture.sql('SELECT FROM sessions')).toEqual([]);
});

it('D7: a sweep whose cache fails reports what it did, and has done it', async () => {
  await fixture.sql("UPDATE retention_policies SET dormant_threshold_hours = 0.5 WHERE name = 'standard'");
  await register('k');
  await age('k', 0.75);
  fixture.cache.failing = true;
  expect(await fixture.lifecycle.sweeps.dormant()).toMatchObject({ changed: 1 });
  await fixture.sql("UPDATE retention_policies SET dormant_threshold_hours = 2 WHERE name = 'standard'");
});

it('D8: activity extends the life of a session, its idle end is the end, and a completed one never becomes expired', async () => {
  await register('used');
  await register('idle');
  await register('done');
  await fixture.sessions.handOff({ sessionKey: 'done', targetAgent: 'b', requestType: 'full_handoff', requestData: {} });
  await age('used', 20);
  await append('used');
  for (const key of ['used', 'idle', 'done']) await age(key, key === 'idle' ? 25 : 20);
  await sweepAll();
  const states = (): Promise<unknown[]> => fixture.sql('SELECT session_key, status FROM sessions ORDER BY session_key');
  expect(await states()).toEqual([
    { session_key: 'done', status: 'completed' },
    { session_key: 'idle', status: 'expired' },
    { session_key: 'used', status: 'active' },
  ]);
  expect((await append('used')).kind).toBe('appended');
  await age('used', 25);
  await age('done', 25);
  await sweepAll();
  expect(await states()).toEqual([
    { session_key: 'done', status: 'completed' },
    { session_key: 'idle', status: 'expired' },
    { session_key: 'used', status: 'expired' },
  ]);
});

it('D8: a session that expired by time reaches the archive and its end', async () => {
  await register('k');
  await age('k', 25);
  await sweepAll();
  // What the archive takes: ended, not archived, due.
  expect(
    await fixture.sql("SELECT status FROM sessions WHERE status <> 'active' AND archived_at IS NULL AND expires_at <= now()"),
  ).toHaveLength(1);
  await fixture.sql("UPDATE sessions SET archived_at = now() - interval '31 days'");
  await sweepAll();
  expect(await fixture.sql('SELECT FROM sessions')).toEqual([]);
});

it('D9: an update of an archived session is refused and changes nothing', async () => {
  const { session } = await register('k');
  await fixture.sql('UPDATE sessions SET archived_at = now(), is_dormant = true WHERE id = $1', [session.id]);
  expect(await append('k')).toEqual({ kind: 'session_not_active', status: 'archived' });
  expect(await fixture.sql('SELECT is_dormant FROM sessions')).toEqual([{ is_dormant: true }]);
  expect(await eventTypes()).toEqual(['created', 'expiration_scheduled']);
});

it('D15: a purge leaves a record of what it deleted', async () => {
  const { session } = await register('k');
  await fixture.sql("UPDATE sessions SET status = 'expired', archived_at = now() - interval '31 days'");
  await fixture.lifecycle.sweeps.purge();
  expect(await fixture.sql('SELECT session_id, cause, retention_policy FROM deletion_records')).toEqual([
    { session_id: session.id, cause: 'retention', retention_policy: 'standard' },
  ]);
});
