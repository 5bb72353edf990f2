import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import { archiveFixture } from './archiveFixture.js';
import type { ArchiveFixture } from './archiveFixture.js';

let fixture: ArchiveFixture;
beforeAll(async () => {
  fixture = await archiveFixture();
});
afterAll(() => fixture.dispose());
afterEach(async () => {
  fixture.store.before = () => undefined;
  // As an earlier server purges: it knows nothing of objects, and yet none is left.
  await fixture.sql('DELETE FROM sessions');
  await fixture.sql("UPDATE archive_leftovers SET noted_at = '-infinity'");
  await fixture.archive.sweepLeftovers();
  expect(fixture.objects()).toEqual([]);
});

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const NOTHING = { archived: 0, failed: 0, hasMore: false };

/** Sessions with an entry each, that ended and became due one after the other. */
async function due(count: number, columns = ''): Promise<void> {
  await fixture.sql(
    `INSERT INTO sessions (session_key, agent_from, status, expires_at, last_activity_at, created_at)
     SELECT 's' || n, 'a', 'expired', now() - n * interval '1 minute', now() - interval '9 days', now() - interval '10 days' FROM generate_series(1, $1::int) n`,
    [count],
  );
  await fixture.sql(
    "INSERT INTO context_history (session_id, sequence_number, context_type, content) SELECT id, 1, 'message', session_key FROM sessions",
  );
  if (columns !== '') await fixture.sql(`UPDATE sessions SET ${columns}`);
}
const archivedKeys = async (): Promise<readonly string[]> =>
  (await fixture.sql<{ session_key: string }>('SELECT session_key FROM sessions WHERE archived_at IS NOT NULL ORDER BY expires_at')).map(
    ({ session_key: key }) => key,
  );

it('takes the longest due first, no more than it may, and says when there is more', async () => {
  await due(40);
  expect(await fixture.archive.archiveDue(20)).toEqual({ archived: 20, failed: 0, hasMore: true });
  expect(await archivedKeys()).toEqual(Array.from({ length: 20 }, (_, at) => `s${40 - at}`));
  expect(await fixture.archive.archiveDue(100)).toEqual({ archived: 20, failed: 0, hasMore: false });
  expect(await fixture.archive.archiveDue(100)).toEqual(NOTHING);
});

it('goes on where some of the objects of a claim cannot be written, and stops where none of them can', async () => {
  await due(40);
  let puts = 0;
  fixture.store.before = (operation) => {
    if (operation !== 'put') return;
    puts += 1;
    if (puts <= 4) throw new Error('refused');
  };
  expect(await fixture.archive.archiveDue(40)).toEqual({ archived: 36, failed: 4, hasMore: true });
});

it('archives each session once however many replicas sweep, with one event', async () => {
  await due(60);
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => fixture.archive.archiveDue(100)));
  expect(outcomes.reduce((sum, { archived }) => sum + archived, 0)).toBe(60);
  expect(outcomes.every(({ failed }) => failed === 0)).toBe(true);
  expect(
    await fixture.sql("SELECT session_id FROM session_lifecycle WHERE event_type = 'archived' AND session_id IN (SELECT id FROM sessions)"),
  ).toHaveLength(60);
  expect(fixture.objects()).toHaveLength(60);
});

it.each([
  ['is active', "status = 'active'"],
  ['expires later', "expires_at = now() + interval '1 minute'"],
  ['has no time of expiry', 'expires_at = NULL'],
  ['is archived already', 'archived_at = now()'],
])('leaves a session alone that %s', async (_what, columns) => {
  await due(1, columns);
  expect(await fixture.archive.archiveDue(10)).toEqual(NOTHING);
  expect(fixture.objects()).toEqual([]);
});

it('moves the time on of a completed session that was active since, unless it was set by hand', async () => {
  await due(1, "status = 'completed', last_activity_at = now() - interval '1 hour', ttl_hours = 3");
  expect(await fixture.archive.archiveDue(10)).toMatchObject({ archived: 0 });
  const [row] = await fixture.sql<{ minutes: string }>('SELECT extract(epoch FROM expires_at - now()) / 60 AS minutes FROM sessions');
  expect(Number(row?.minutes)).toBeCloseTo(120, 0);
  await fixture.sql("UPDATE sessions SET ttl_hours = NULL, expires_at = now() - interval '1 second'");
  expect(await fixture.archive.archiveDue(10)).toMatchObject({ archived: 1 });
});

it.each([true, false])('archives a session at once that an operator has ended before its time (store: %s)', async (hasStore) => {
  const { session } = await fixture.sessions.register({ sessionKey: 'early', agentFrom: 'a', metadata: {} });
  await fixture.lifecycle.expireSession(session.id);
  const expiresAt = async (): Promise<(Date | null | undefined)[]> => [
    (await fixture.sessions.lifecycle({ sessionKey: 'early', limit: 1 }))?.lifecycle.times.expiresAt,
    (await fixture.sessions.list({ limit: 9 })).items[0]?.expiresAt,
    (await fixture.sql<{ expires_at: Date }>('SELECT expires_at FROM session_monitoring_view'))[0]?.expires_at,
  ];
  const [time, ...others] = await expiresAt();
  expect(Number(time)).toBeLessThanOrEqual(Date.now() + 1000);
  expect(others).toEqual([time, time]);
  const { archive } = hasStore ? fixture : createHandoffServices({ database: fixture.database, cache: fixture.cache, log: quiet });
  expect(await archive.archiveDue(10)).toMatchObject({ archived: 1 });
  // Put back, it is left alone for a while, which the archive must not cut short.
  expect(await archive.restore(session.id, 'ann')).toMatchObject({ kind: 'restored' });
  expect(await archive.archiveDue(10)).toEqual(NOTHING);
});

it('archives an abandoned session at once, whatever its time to live', async () => {
  await fixture.sessions.register({ sessionKey: 'abandoned', agentFrom: 'a', metadata: {} });
  await fixture.sql(
    "UPDATE sessions SET agent_from = '', ttl_hours = 2400, created_at = now() - interval '9 days', last_activity_at = now() - interval '8 days'",
  );
  expect(await fixture.lifecycle.cleanupOrphanedSessions()).toBe(1);
  expect(await fixture.archive.archiveDue(10)).toMatchObject({ archived: 1 });
});

it('stops early while the store is down, and tries again when the pause is over', async () => {
  await due(60);
  let tried = 0;
  fixture.store.before = (operation) => {
    tried += operation === 'put' ? 1 : 0;
    throw Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' });
  };
  expect(await fixture.archive.archiveDue(60)).toEqual({ archived: 0, failed: 16, hasMore: false });
  expect(tried).toBe(16);
  fixture.store.before = () => undefined;
  // Those that failed keep out of the way of the others.
  expect(await fixture.archive.archiveDue(60)).toEqual({ archived: 44, failed: 0, hasMore: false });
  await fixture.sql("UPDATE archive_leftovers SET noted_at = now() - interval '1 hour'");
  expect(await fixture.archive.archiveDue(60)).toEqual({ archived: 16, failed: 0, hasMore: false });
});

it('one session that cannot be archived does not stop the others', async () => {
  await due(5);
  const [bad] = await fixture.sql<{ id: string }>("SELECT id FROM sessions WHERE session_key = 's3'");
  fixture.store.before = (operation, key) => {
    if (operation === 'put' && key.includes(bad?.id ?? '')) throw new Error('refused');
  };
  expect(await fixture.archive.archiveDue(10)).toEqual({ archived: 4, failed: 1, hasMore: false });
});

it('without a store, archives in the database, where sessions stay readable, with an operation and what caches keep of each', async () => {
  const logged: unknown[] = [];
  const log = { ...quiet, info: (fields: object) => void logged.push(fields) };
  await due(3);
  const { archive, sessions } = createHandoffServices({ database: fixture.database, cache: fixture.cache, log });
  fixture.cache.entries.clear();
  expect(await archive.archiveDue(2)).toEqual({ archived: 2, failed: 0, hasMore: true });
  const keys = (): readonly string[] =>
    [...fixture.cache.entries.keys()].filter((key) => key.startsWith('archived_session_by_key:')).sort();
  expect(keys()).toEqual(['archived_session_by_key:s2', 'archived_session_by_key:s3']);
  expect(logged).toEqual([
    expect.objectContaining({ 'event.name': 'handoff.archive.mark', 'handoff.sweep.taken': 2, 'handoff.sweep.changed': 2 }),
  ]);
  expect(await archive.archiveDue(2)).toEqual({ archived: 1, failed: 0, hasMore: false });
  expect(await sessions.context({ sessionKey: 's1', afterSequenceNumber: 0, limit: 9 })).toMatchObject({
    session: { archivedAt: expect.any(Date) as Date },
    contextHistory: [{ content: 's1' }],
  });
  expect(await sessions.append({ sessionKey: 's1', contextType: 'message', content: 'x', metadata: {} })).toEqual({
    kind: 'session_not_active',
    status: 'archived',
  });
  expect(fixture.objects()).toEqual([]);
});
