import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** Hosts make this the default of a database, and each transaction then sees what was there when it began. */

let strict: HandoffFixture;
beforeAll(async () => {
  strict = await handoffFixture({ prepare: repeatableRead });
});
afterAll(() => strict.dispose());

async function repeatableRead(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_isolation = 'repeatable read'`);
  await client.end();
}

it('an erasure sees a hold that it waited for', async () => {
  await strict.sessions.register({ sessionKey: 'k', agentFrom: 'a', metadata: {} });
  const [row] = await strict.sql<{ id: string }>('SELECT id FROM sessions');
  let erasing: Promise<unknown> = Promise.resolve();
  await strict.database.transaction(async (q) => {
    await q.query({ name: 'test_lock', text: 'SELECT FROM sessions WHERE id = $1 FOR KEY SHARE' }, [row?.id]);
    erasing = strict.retention.erase({ sessionKey: 'k' }, 'ann').catch((error: unknown) => error);
    await expect
      .poll(() => strict.sql("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FROM sessions%FOR UPDATE'"))
      .toHaveLength(1);
    await q.query({ name: 'test_hold', text: "INSERT INTO session_holds (session_id, reason, placed_by) VALUES ($1, 'r', 'a')" }, [
      row?.id,
    ]);
  });
  expect(await erasing).toMatchObject({ code: 'HANDOFF_LEGAL_HOLD' });
  expect(await strict.sql('SELECT FROM sessions')).toHaveLength(1);
});

it('the sessions of a policy follow it while agents use them', async () => {
  await strict.sessions.register({ sessionKey: 'used', agentFrom: 'a', metadata: {} });
  strict.before.set('handoff_apply_policy', async () => {
    strict.before.clear();
    await strict.sql("UPDATE sessions SET last_activity_at = now() WHERE session_key = 'used'");
  });
  expect(await strict.retention.updatePolicy({ name: 'standard', activeSessionTtl: 48 }, 'ann')).toMatchObject({ pending: false });
  expect(await strict.sql("SELECT ttl_hours FROM sessions WHERE session_key = 'used'")).toEqual([{ ttl_hours: 48 }]);
});

it('of several who restore a session, all but one are told that it is restored', async () => {
  const { session } = await strict.sessions.register({ sessionKey: 'restored', agentFrom: 'a', metadata: {} });
  await strict.sql("UPDATE sessions SET status = 'expired', archived_at = now() WHERE id = $1", [session.id]);
  const held = await strict.database.transaction(async (q) => {
    await q.query({ name: 'test_lock', text: 'SELECT FROM sessions WHERE id = $1 FOR UPDATE' }, [session.id]);
    const restoring = [1, 2, 3].map(() => strict.archive.restore(session.id));
    await expect
      .poll(() => strict.sql("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR UPDATE'"))
      .toHaveLength(3);
    return { restoring };
  });
  const kinds = (await Promise.all(held.restoring)).map(({ kind }) => kind);
  expect(kinds.toSorted()).toEqual(['restored', 'session_changed', 'session_changed']);
});
