import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** A legal hold beats retention and erasure, whoever deletes and however close the two are. */

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());

async function register(sessionKey: string): Promise<string> {
  return (await fixture.sessions.register({ sessionKey, agentFrom: 'a', metadata: {} })).session.id;
}

const exists = async (id: string): Promise<boolean> => (await fixture.sql('SELECT FROM sessions WHERE id = $1', [id])).length > 0;
const isHeld = async (id: string): Promise<boolean> =>
  (await fixture.sql('SELECT FROM session_holds WHERE session_id = $1', [id])).length > 0;

describe('a session on hold', () => {
  it('is not erased, and the error says since when; released, it is', async () => {
    const id = await register('held');
    expect(await fixture.retention.hold({ sessionKey: 'held' }, 'case 7', 'ann')).toEqual({
      sessionId: id,
      sessionKey: 'held',
      changed: true,
    });
    await expect(fixture.retention.erase({ sessionId: id }, 'bob')).rejects.toMatchObject({
      code: 'HANDOFF_LEGAL_HOLD',
      data: { sessionId: id, heldSince: expect.stringMatching(/^2\d{3}-/) },
    });
    expect(await exists(id)).toBe(true);
    expect(await fixture.retention.release({ sessionKey: 'held' }, 'ann')).toMatchObject({ changed: true });
    expect(await fixture.retention.erase({ sessionId: id }, 'bob')).toMatchObject({ kind: 'erased' });
  });

  it('is not deleted by anybody, not even by hand or an earlier server, and what hangs on it stays', async () => {
    const [held, free] = [await register('by hand'), await register('free')];
    await fixture.retention.hold({ sessionId: held }, 'case 7', 'ann');
    expect(await fixture.sql('DELETE FROM sessions WHERE id = ANY ($1) RETURNING id', [[held, free]])).toEqual([{ id: free }]);
    expect(await fixture.sql('SELECT count(*)::int AS n FROM context_history WHERE session_id = $1', [held])).toEqual([{ n: 1 }]);
  });

  it('goes on as if nothing were', async () => {
    await register('working');
    await fixture.retention.hold({ sessionKey: 'working' }, 'case 7', 'ann');
    expect(await fixture.sessions.append({ sessionKey: 'working', contextType: 'message', content: 'x', metadata: {} })).toMatchObject({
      kind: 'appended',
    });
  });
});

describe('holds', () => {
  it('are recorded with their reason: placed, changed, released', async () => {
    const id = await register('audited');
    await fixture.retention.hold({ sessionId: id }, 'case 7', 'ann');
    expect(await fixture.retention.hold({ sessionId: id }, 'case 7', 'eve')).toMatchObject({ changed: false });
    await fixture.retention.hold({ sessionId: id }, 'case 8', 'bob');
    expect((await fixture.retention.listHolds(100)).find(({ sessionId }) => sessionId === id)).toMatchObject({
      sessionKey: 'audited',
      reason: 'case 8',
      placedBy: 'bob',
    });
    await fixture.retention.release({ sessionId: id }, 'cyd');
    expect(await fixture.retention.release({ sessionId: id }, 'cyd')).toMatchObject({ changed: false });
    expect(
      await fixture.sql(
        "SELECT changed_by, before ->> 'reason' AS before, after ->> 'reason' AS after FROM retention_changes WHERE subject = 'hold' AND subject_id = $1 ORDER BY id",
        [id],
      ),
    ).toEqual([
      { changed_by: 'ann', before: null, after: 'case 7' },
      { changed_by: 'bob', before: 'case 7', after: 'case 8' },
      { changed_by: 'cyd', before: 'case 8', after: null },
    ]);
  });

  it('need a session and a reason', async () => {
    expect(await fixture.retention.hold({ sessionKey: 'nobody' }, 'case 7', 'ann')).toBeUndefined();
    expect(await fixture.retention.release({ sessionKey: 'nobody' }, 'ann')).toBeUndefined();
    await register('reasonless');
    await expect(fixture.retention.hold({ sessionKey: 'reasonless' }, ' ', 'ann')).rejects.toMatchObject({
      data: { problems: [{ path: 'reason' }] },
    });
  });
});

describe('a hold and a deletion at the same moment', () => {
  it('wait for each other: a hold that comes during a deletion finds no session', async () => {
    const id = await register('deleted first');
    let placing: Promise<unknown> = Promise.resolve();
    await fixture.database.transaction(async (q) => {
      await q.query({ name: 'test_delete', text: 'DELETE FROM sessions WHERE id = $1' }, [id]);
      placing = fixture.retention.hold({ sessionId: id }, 'case 7', 'ann');
      await expect
        .poll(() => fixture.sql("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%session_holds%'"))
        .toHaveLength(1);
    });
    expect(await placing).toBeUndefined();
    expect([await exists(id), await isHeld(id)]).toEqual([false, false]);
  });

  it('and a deletion that comes during a hold, with an older view of the data, leaves the session', async () => {
    const id = await register('held first');
    let deleting: Promise<unknown> = Promise.resolve();
    await fixture.database.transaction(async (q) => {
      await q.query({ name: 'test_lock', text: 'SELECT FROM sessions WHERE id = $1 FOR KEY SHARE' }, [id]);
      deleting = fixture.sql(
        'DELETE FROM sessions WHERE id = $1 AND NOT EXISTS (SELECT FROM session_holds h WHERE h.session_id = sessions.id) RETURNING id',
        [id],
      );
      await expect
        .poll(() => fixture.sql("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'DELETE FROM sessions%'"))
        .toHaveLength(1);
      await q.query({ name: 'test_hold', text: "INSERT INTO session_holds (session_id, reason, placed_by) VALUES ($1, 'r', 'a')" }, [id]);
    });
    expect(await deleting).toEqual([]);
    expect([await exists(id), await isHeld(id)]).toEqual([true, true]);
  });

  it('never both happen, in two hundred races against erasures and a purge', async () => {
    const ids = await Promise.all(Array.from({ length: 200 }, (_, n) => register(`race-${n}`)));
    const held = ids.map((sessionId) => fixture.retention.hold({ sessionId }, 'case 7', 'ann'));
    const erased = ids.slice(0, 100).map((sessionId) =>
      fixture.retention.erase({ sessionId }, 'bob').then(
        () => true,
        () => false,
      ),
    );
    const purged = fixture.sql<{ id: string }>('DELETE FROM sessions WHERE id = ANY ($1) RETURNING id', [ids.slice(100)]);
    const placed = (await Promise.all(held)).map((outcome) => outcome !== undefined);
    const gone = new Set((await purged).map(({ id }) => id));
    const deleted = [...(await Promise.all(erased)), ...ids.slice(100).map((id) => gone.has(id))];
    // Each session was either held or deleted, and is there exactly if it was held.
    expect(deleted).toEqual(placed.map((was) => !was));
    const left = new Set((await fixture.sql<{ id: string }>('SELECT id FROM sessions WHERE id = ANY ($1)', [ids])).map(({ id }) => id));
    expect(ids.map((id) => left.has(id))).toEqual(placed);
  });
});
