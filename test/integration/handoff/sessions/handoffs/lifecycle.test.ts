import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LifecyclePage } from '../../../../../src/handoff/sessions/handoffs/readLifecycle.js';
import { handoffFixture } from '../../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../../setup/handoffFixture.js';

/** Where a session stands, as its lifecycle shows it. */

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());

async function lifecycleOf(sessionKey: string, set?: string): Promise<LifecyclePage['lifecycle'] | undefined> {
  if (set !== undefined) {
    await fixture.sessions.register({ sessionKey, agentFrom: 'planner', metadata: {} });
    await fixture.sql(`UPDATE sessions SET ${set} WHERE session_key = $1`, [sessionKey]);
  }
  return (await fixture.sessions.lifecycle({ sessionKey, limit: 10 }))?.lifecycle;
}

const HOUR_MS = 3_600_000;

it.each([
  ['active', "status = 'active'"],
  ['dormant', 'is_dormant = true'],
  ['completed', "status = 'completed', is_dormant = true"],
  ['completed', "status = 'cancelled'"],
  ['expired', "status = 'expired'"],
  ['archived', "status = 'active', archived_at = now()"],
  ['archived', "status = 'expired', archived_at = now(), is_dormant = true"],
])('it is %s with %s', async (state, set) => {
  expect(await lifecycleOf(`state ${set}`, set)).toMatchObject({ state });
});

it('expires at the later of its time and the end of its idleness, unless the time was set by hand', async () => {
  const until = async (key: string, set: string): Promise<number> =>
    Number((await lifecycleOf(key, set))?.times.expiresAt) - Date.parse('2030-01-01T00:00:00Z');
  const idle = "last_activity_at = '2030-01-01'";
  expect(await until('idle later', `${idle}, ttl_hours = 4, expires_at = '2030-01-01 01:00Z'`)).toBe(4 * HOUR_MS);
  expect(await until('time later', `${idle}, ttl_hours = 4, expires_at = '2030-01-01 09:00Z'`)).toBe(9 * HOUR_MS);
  expect(await until('by hand', `${idle}, ttl_hours = NULL, expires_at = '2029-12-31 23:00Z'`)).toBe(-HOUR_MS);
  expect((await lifecycleOf('never', 'ttl_hours = 4, expires_at = NULL'))?.times.expiresAt).toBeNull();
});

it('has the policy as it is now, and the day of its purge once it is archived; an unknown policy counts as standard', async () => {
  expect(await lifecycleOf('short', "retention_policy = 'short', archived_at = '2030-01-01Z'")).toMatchObject({
    policy: { name: 'short', activeSessionTtlHours: 4, archivedSessionTtlDays: 7, dormantThresholdHours: 1 },
    times: { archivedAt: new Date('2030-01-01T00:00:00Z'), purgeAfter: new Date('2030-01-08T00:00:00Z') },
  });
  await fixture.sql("UPDATE retention_policies SET archived_session_ttl_days = 1 WHERE name = 'short'");
  expect((await lifecycleOf('short'))?.times.purgeAfter).toEqual(new Date('2030-01-02T00:00:00Z'));
  expect(await lifecycleOf('unknown policy', "retention_policy = 'mine'")).toMatchObject({
    policy: { name: 'mine', activeSessionTtlHours: 24, archivedSessionTtlDays: 30 },
    times: { purgeAfter: null },
  });
});

it('says that it is held, without the reason, and what is in its archive', async () => {
  const { session } = await fixture.sessions.register({ sessionKey: 'kept', agentFrom: 'planner', metadata: {} });
  await fixture.sql(
    "INSERT INTO session_holds (session_id, reason, placed_by, placed_at) VALUES ($1, 'secret', 'counsel', '2030-01-01Z')",
    [session.id],
  );
  await fixture.sql(
    `INSERT INTO session_archives (session_id, object_key, store, location, sha256, stored_bytes, content_bytes, entry_count, snapshot_count, handoff_count, written_at)
     VALUES ($1, 'k', 'files', '/x', repeat('0', 64), 12, 34, 5, 6, 7, '2030-01-01Z')`,
    [session.id],
  );
  const lifecycle = await lifecycleOf('kept', undefined);
  const written = new Date('2030-01-01T00:00:00Z');
  expect(lifecycle).toMatchObject({
    hold: { placedAt: written },
    archive: { writtenAt: written, storedBytes: 12, entries: 5, handoffs: 7 },
  });
  expect(JSON.stringify(lifecycle)).not.toMatch(/secret|counsel/);
});

it('shows its handoffs, the newest first, and the events in order, through pages of any size', async () => {
  await fixture.sessions.register({ sessionKey: 'told', agentFrom: 'planner', metadata: {} });
  for (const targetAgent of ['a', 'b', 'c']) {
    await fixture.sessions.handOff({ sessionKey: 'told', targetAgent, requestType: 'full_handoff', requestData: {} });
    await fixture.sessions.acceptHandoff({ sessionKey: 'told', agent: targetAgent });
  }
  const all = await fixture.sessions.lifecycle({ sessionKey: 'told', limit: 100 });
  expect(all?.lifecycle.handoffs.map(({ requestingAgent, targetAgent, status }) => [requestingAgent, targetAgent, status])).toEqual([
    ['b', 'c', 'accepted'],
    ['a', 'b', 'accepted'],
    ['planner', 'a', 'accepted'],
  ]);
  const events = all?.lifecycle.events ?? [];
  expect(events).toHaveLength(2 + 3 * 3);
  const times = events.map(({ createdAt }) => createdAt.getTime());
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  const paged: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await fixture.sessions.lifecycle({ sessionKey: 'told', limit: 3, ...(cursor === undefined ? {} : { cursor }) });
    paged.push(...(page?.lifecycle.events.map(({ id }) => id) ?? []));
    cursor = page?.nextCursor;
  } while (cursor !== undefined);
  expect(paged).toEqual(events.map(({ id }) => id));
});

it('is not there for an unknown session', async () => {
  expect(await fixture.sessions.lifecycle({ sessionKey: 'nobody', limit: 1 })).toBeUndefined();
});
