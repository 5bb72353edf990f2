import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RetentionInvalidError, RetentionPolicyInUseError, RetentionPolicyUnknownError } from '../../../../src/errors/retentionErrors.js';
import type { RetentionPolicy } from '../../../../src/handoff/retention/retentionPolicy.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** R6.1: retention is configured at run time, kept in the database, and every change is on record. */

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());

const policy = (name: string, changes: Partial<RetentionPolicy> = {}): RetentionPolicy => ({
  name,
  activeSessionTtl: 10,
  archivedSessionTtl: 20,
  logRetentionDays: 5,
  metricsRetentionDays: 6,
  ...changes,
});

const audit = (subject: string, id: string) =>
  fixture.sql('SELECT changed_by, before, after FROM retention_changes WHERE subject = $1 AND subject_id = $2 ORDER BY id', [subject, id]);

/** A session of a policy that was last active so many hours ago. */
async function session(key: string, retentionPolicy: string, idleHours: number): Promise<void> {
  await fixture.sessions.register({ sessionKey: key, agentFrom: 'a', metadata: {}, retentionPolicy });
  await fixture.sql(
    `UPDATE sessions SET created_at = created_at - $2 * interval '1 hour', last_activity_at = last_activity_at - $2 * interval '1 hour',
       expires_at = expires_at - $2 * interval '1 hour', dormancy_check_at = dormancy_check_at - $2 * interval '1 hour' WHERE session_key = $1`,
    [key, idleHours],
  );
}

/** Hours from the last activity to each time, rounded. */
async function times(key: string): Promise<unknown> {
  const [row] = await fixture.sql(
    `SELECT ttl_hours AS ttl, round(extract(epoch FROM expires_at - last_activity_at) / 3600, 2)::float AS expires,
       CASE WHEN isfinite(dormancy_check_at) THEN round(extract(epoch FROM dormancy_check_at - last_activity_at) / 3600, 2)::float END AS checked FROM sessions WHERE session_key = $1`,
    [key],
  );
  return row;
}

describe('retention policies', () => {
  it('are those of the earlier server to begin with', async () => {
    const list = await fixture.retention.listPolicies();
    expect(list.map(({ updatedAt: _, updatedBy: __, ...values }) => values)).toEqual([
      {
        name: 'extended',
        activeSessionTtl: 72,
        archivedSessionTtl: 90,
        logRetentionDays: 30,
        metricsRetentionDays: 90,
        dormantThresholdHours: 6,
      },
      { name: 'short', activeSessionTtl: 4, archivedSessionTtl: 7, logRetentionDays: 3, metricsRetentionDays: 7, dormantThresholdHours: 1 },
      {
        name: 'standard',
        activeSessionTtl: 24,
        archivedSessionTtl: 30,
        logRetentionDays: 7,
        metricsRetentionDays: 30,
        dormantThresholdHours: 2,
      },
    ]);
  });

  it('are created and changed, and who did it, when and what was there before is recorded', async () => {
    const created = await fixture.retention.updatePolicy(policy('mine'), 'ann');
    expect(created).toMatchObject({ kind: 'created', policy: { dormantThresholdHours: 10 / 12, updatedBy: 'ann' }, sessionsChanged: 0 });
    const changed = await fixture.retention.updatePolicy(policy('mine', { archivedSessionTtl: 0.5, dormantThresholdHours: 1 }), 'bob');
    expect(changed).toMatchObject({ kind: 'changed', policy: { archivedSessionTtl: 0.5, dormantThresholdHours: 1, updatedBy: 'bob' } });
    // Nothing changes, so nothing is recorded.
    expect(await fixture.retention.updatePolicy(policy('mine', { archivedSessionTtl: 0.5 }), 'eve')).toMatchObject({
      kind: 'unchanged',
      policy: { updatedBy: 'bob' },
    });
    const values = { activeSessionTtl: 10, archivedSessionTtl: 20, logRetentionDays: 5, metricsRetentionDays: 6 };
    expect(await audit('policy', 'mine')).toEqual([
      { changed_by: 'ann', before: null, after: { ...values, dormantThresholdHours: 10 / 12 } },
      {
        changed_by: 'bob',
        before: { ...values, dormantThresholdHours: 10 / 12 },
        after: { ...values, archivedSessionTtl: 0.5, dormantThresholdHours: 1 },
      },
    ]);
  });

  it('are refused with every problem, and then nothing is written', async () => {
    const before = await fixture.sql('SELECT * FROM retention_changes');
    const refused = fixture.retention.updatePolicy(policy('Mine', { activeSessionTtl: -1 }), 'ann');
    await expect(refused).rejects.toMatchObject({
      code: 'HANDOFF_RETENTION_INVALID',
      data: { problems: [{ path: 'name' }, { path: 'activeSessionTtl', problem: 'is smaller than 0.001' }] },
    });
    await expect(fixture.retention.updatePolicy(policy('mine', { dormantThresholdHours: 11 }), 'ann')).rejects.toMatchObject({
      data: { problems: [{ path: 'dormantThresholdHours', allowed: expect.stringContaining('0.001 to 87600') }] },
    });
    await expect(fixture.retention.updatePolicy(policy('mine'), ' ')).rejects.toBeInstanceOf(RetentionInvalidError);
    expect(await fixture.sql('SELECT * FROM retention_changes')).toEqual(before);
  });

  it('changed by many at once end as one of the changes, and the record is a chain', async () => {
    await fixture.retention.updatePolicy(policy('busy', { logRetentionDays: 1 }), 'first');
    const days = [2, 3, 4, 5, 6, 7, 8, 9];
    await Promise.all(
      days.map((logRetentionDays) => fixture.retention.updatePolicy(policy('busy', { logRetentionDays }), `by ${logRetentionDays}`)),
    );
    const chain = (await audit('policy', 'busy')) as { before: RetentionPolicy | null; after: RetentionPolicy }[];
    expect(chain).toHaveLength(9);
    for (const [index, { before }] of chain.entries()) expect(before).toEqual(index === 0 ? null : chain[index - 1]?.after);
    const stored = (await fixture.retention.listPolicies()).find(({ name }) => name === 'busy');
    expect(stored?.logRetentionDays).toBe(chain.at(-1)?.after.logRetentionDays);
  });

  it('changed in one value each by several at once keep every change', async () => {
    await fixture.retention.updatePolicy(policy('split'), 'first');
    const changes = {
      activeSessionTtl: 11,
      archivedSessionTtl: 21,
      logRetentionDays: 7,
      metricsRetentionDays: 8,
      dormantThresholdHours: 2,
    };
    await Promise.all(
      Object.entries(changes).map(([key, value]) => fixture.retention.updatePolicy({ name: 'split', [key]: value }, `by ${key}`)),
    );
    expect((await fixture.retention.listPolicies()).find(({ name }) => name === 'split')).toMatchObject(changes);
  });

  it('are refused where a new one lacks a value, or what is given does not go with what is there', async () => {
    await expect(fixture.retention.updatePolicy({ name: 'part', activeSessionTtl: 5 }, 'ann')).rejects.toMatchObject({
      data: {
        problems: [
          { path: 'archivedSessionTtl', problem: 'is missing, and a new policy needs it', allowed: expect.stringContaining('0 to 36500') },
          { path: 'logRetentionDays' },
          { path: 'metricsRetentionDays' },
        ],
      },
    });
    await expect(fixture.retention.updatePolicy({ name: 'short', dormantThresholdHours: 5 }, 'ann')).rejects.toMatchObject({
      data: { problems: [{ path: 'dormantThresholdHours', problem: expect.stringContaining('activeSessionTtl (4 hours)') }] },
    });
    expect(fixture.log.filter(([level]) => level === 'error')).toEqual([]);
  });

  it('are removed when nothing uses them, and standard never', async () => {
    await session('uses-busy', 'busy', 0);
    await expect(fixture.retention.removePolicy('busy', 'ann')).rejects.toMatchObject({
      code: 'HANDOFF_RETENTION_POLICY_IN_USE',
      data: { sessions: 1, rules: 0 },
    });
    await fixture.retention.assign({ sessionKey: 'uses-busy' }, 'standard', 'ann');
    await fixture.retention.removePolicy('busy', 'ann');
    await expect(fixture.retention.removePolicy('busy', 'ann')).rejects.toBeInstanceOf(RetentionPolicyUnknownError);
    await expect(fixture.retention.removePolicy('standard', 'ann')).rejects.toBeInstanceOf(RetentionPolicyInUseError);
    expect(((await audit('policy', 'busy')) as unknown[]).at(-1)).toMatchObject({ changed_by: 'ann', after: null });
  });
});

describe('a change of a policy and the sessions that have it', () => {
  it('ends them earlier when it is shorter, and later when it is longer', async () => {
    await fixture.retention.updatePolicy(policy('moving', { activeSessionTtl: 20, dormantThresholdHours: 4 }), 'ann');
    await session('moved', 'moving', 3);
    await fixture.sql("UPDATE sessions SET ttl_hours = NULL, expires_at = last_activity_at + interval '99 hours' WHERE session_key = $1", [
      'moved',
    ]);
    await session('follows', 'moving', 3);
    await session('elsewhere', 'short', 3);
    expect(await times('follows')).toEqual({ ttl: 20, expires: 20, checked: 4 });

    const shorter = await fixture.retention.updatePolicy(policy('moving', { activeSessionTtl: 5, dormantThresholdHours: 1 }), 'ann');
    // Both are looked at earlier; only one has the policy's time to live.
    expect(shorter).toMatchObject({ kind: 'changed', sessionsChanged: 2, pending: false });
    expect(await times('follows')).toEqual({ ttl: 5, expires: 5, checked: 1 });
    expect(await times('moved')).toEqual({ ttl: null, expires: 99, checked: 1 });
    expect(await times('elsewhere')).toEqual({ ttl: 4, expires: 4, checked: 1 });

    await fixture.retention.updatePolicy(policy('moving', { activeSessionTtl: 50, dormantThresholdHours: 1 }), 'ann');
    // It is looked at after 5 hours and moved on then; readers see the later time at once.
    expect(await times('follows')).toEqual({ ttl: 50, expires: 5, checked: 1 });
    const shown = (await fixture.sessions.context({ sessionKey: 'follows', afterSequenceNumber: 0, limit: 1 }))?.session;
    expect(shown?.expiresAt?.getTime()).toBe((shown?.lastActivityAt.getTime() ?? 0) + 50 * 3_600_000);
  });

  it('is finished by the next maintenance when the process ends in the middle of it', async () => {
    await fixture.retention.updatePolicy(policy('crash', { activeSessionTtl: 20 }), 'ann');
    for (let n = 0; n < 5; n += 1) await session(`crash-${n}`, 'crash', 0);
    fixture.before.set('handoff_apply_policy', () => Promise.reject(new Error('killed')));
    await expect(fixture.retention.updatePolicy(policy('crash', { activeSessionTtl: 7 }), 'ann')).rejects.toThrow('killed');
    fixture.before.clear();
    expect(await times('crash-0')).toMatchObject({ ttl: 20 });
    expect((await fixture.retention.listPolicies()).find(({ name }) => name === 'crash')?.activeSessionTtl).toBe(7);
    expect(await fixture.retention.maintain()).toMatchObject({ sessionsChanged: 5 });
    for (let n = 0; n < 5; n += 1) expect(await times(`crash-${n}`)).toMatchObject({ ttl: 7, expires: 7 });
    expect(await fixture.sql("SELECT FROM sweep_positions WHERE name LIKE 'retention-policy:%'")).toEqual([]);
  });

  it('says that sessions have yet to follow while another process is at it, and the rest is done by whoever comes next', async () => {
    await fixture.retention.updatePolicy(policy('shared'), 'ann');
    await session('shared', 'shared', 0);
    const other = await fixture.database.pool.connect();
    fixture.before.set('handoff_take_pending_policy', async () => {
      fixture.before.clear();
      await other.query("BEGIN; SELECT FROM sweep_positions WHERE name = 'retention-policy:shared' FOR UPDATE");
    });
    try {
      expect(await fixture.retention.updatePolicy(policy('shared', { activeSessionTtl: 5 }), 'ann')).toMatchObject({
        sessionsChanged: 0,
        pending: true,
      });
    } finally {
      await other.query('ROLLBACK');
      other.release();
    }
    expect(await fixture.retention.maintain()).toMatchObject({ sessionsChanged: 1 });
    expect(await times('shared')).toMatchObject({ ttl: 5 });
  });

  it('reaches sessions registered under the former values while it is made', async () => {
    await fixture.retention.updatePolicy(policy('racing', { activeSessionTtl: 20 }), 'ann');
    await session('racing-0', 'racing', 0);
    // It takes its id, and its time to live, from before the change; the sweep by id is past it when it becomes visible.
    fixture.before.set('handoff_move_pending_policy', async () => {
      fixture.before.clear();
      await fixture.sql(
        "INSERT INTO sessions (id, session_key, agent_from, retention_policy, ttl_hours, expires_at) VALUES ('00000000-0000-4000-8000-000000000001', 'racing-1', 'a', 'racing', 20, now() + interval '20 hours')",
      );
    });
    expect(await fixture.retention.updatePolicy(policy('racing', { activeSessionTtl: 7 }), 'ann')).toMatchObject({ sessionsChanged: 2 });
    expect([await times('racing-0'), await times('racing-1')]).toMatchObject([{ ttl: 7 }, { ttl: 7 }]);
  });

  it('applies to sessions whose policy does not exist if it is that of standard', async () => {
    await fixture.sql(
      "INSERT INTO sessions (session_key, agent_from, retention_policy, expires_at) VALUES ('stray', 'a', 'long gone', now() + interval '24 hours')",
    );
    const standard = (await fixture.retention.listPolicies()).find(({ name }) => name === 'standard');
    if (standard === undefined) throw new Error('no standard policy');
    await fixture.retention.updatePolicy({ ...standard, activeSessionTtl: 12 }, 'ann');
    expect(await times('stray')).toMatchObject({ ttl: 12, expires: 12 });
    await fixture.retention.updatePolicy({ ...standard, activeSessionTtl: 24 }, 'ann');
    expect(await times('stray')).toMatchObject({ ttl: 24 });
  });
});
