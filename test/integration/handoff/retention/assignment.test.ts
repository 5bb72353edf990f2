import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call } from '../../../unit/handoff/server/fakeSessions.js';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** R6.3: which sessions are kept longer is chosen by rules, by an argument, or by an operator. */

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture({ sessionTtlHours: 48 });
});
afterAll(() => fixture.dispose());
beforeEach(() => fixture.sql('DELETE FROM retention_rules'));

let number = 0;
const newKey = (): string => `k${(number += 1)}`;

async function register(agentFrom: string, metadata: object, retentionPolicy?: string): Promise<string> {
  const sessionKey = newKey();
  await fixture.sessions.register({
    sessionKey,
    agentFrom,
    metadata: { ...metadata },
    ...(retentionPolicy === undefined ? {} : { retentionPolicy }),
  });
  return sessionKey;
}

/** Policy and hours from registration to each time. */
async function chosen(key: string): Promise<unknown[]> {
  const [row] = await fixture.sql<{ policy: string; ttl: number; expires: number; checked: number }>(
    `SELECT retention_policy AS policy, ttl_hours AS ttl, (extract(epoch FROM expires_at - created_at) / 3600)::float AS expires,
       (extract(epoch FROM dormancy_check_at - created_at) / 3600)::float AS checked FROM sessions WHERE session_key = $1`,
    [key],
  );
  return row === undefined ? [] : [row.policy, row.ttl, row.expires, row.checked];
}

describe('the policy of a new session', () => {
  it('is standard, with the time to live of the setting, in want of anything else', async () => {
    expect(await chosen(await register('a', {}))).toEqual(['standard', 48, 48, 2]);
    const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const unset = createHandoffServices({ database: fixture.database, cache: fixture.cache, log: silent });
    await unset.sessions.register({ sessionKey: 'unset', agentFrom: 'a', metadata: {} });
    expect(await chosen('unset')).toEqual(['standard', 24, 24, 2]);
  });

  it('is the one asked for, with its own time to live, also when that is standard', async () => {
    expect(await chosen(await register('a', {}, 'extended'))).toEqual(['extended', 72, 72, 6]);
    expect(await chosen(await register('a', {}, 'standard'))).toEqual(['standard', 24, 24, 2]);
  });

  it('is that of the first rule that fits, by position', async () => {
    await fixture.retention.addRule({ policy: 'short', position: 20, agent: 'bot' }, 'ann');
    await fixture.retention.addRule({ policy: 'extended', position: 10, metadata: { audit: true, team: { name: 'x' } } }, 'ann');
    await fixture.retention.addRule({ policy: 'extended', position: 5, agent: 'bot', requestType: 'full_handoff' }, 'ann');
    expect(await chosen(await register('bot', {}))).toEqual(['short', 4, 4, 1]);
    expect(await chosen(await register('bot', { audit: true, team: { name: 'x', size: 3 }, more: 1 }))).toMatchObject([
      'extended',
      72,
      72,
      6,
    ]);
    expect(await chosen(await register('human', { audit: true }))).toEqual(['standard', 48, 48, 2]);
    expect(await chosen(await register('bot', {}, 'extended'))).toEqual(['extended', 72, 72, 6]);
  });

  it('is refused by the tool when it does not exist, with those that do, and nothing is written', async () => {
    const client = await fixture.connect();
    const answer = await call(client, 'register_session', { sessionKey: 'refused', agentFrom: 'a', retentionPolicy: 'forever' });
    expect(answer).toMatchObject({
      isError: true,
      body: { error: 'Invalid input', problems: [{ path: 'retentionPolicy', allowed: 'one of extended, short, standard' }] },
    });
    expect(await fixture.sql("SELECT FROM sessions WHERE session_key = 'refused'")).toEqual([]);
    expect(fixture.log.at(-1)?.[0]).toBe('warn');
    expect(await call(client, 'register_session', { sessionKey: 'taken', agentFrom: 'a', retentionPolicy: 'short' })).toMatchObject({
      isError: false,
    });
    expect(await chosen('taken')).toEqual(['short', 4, 4, 1]);
  });
});

describe('activity', () => {
  // D8: a session that is used never expired later than it would have without.
  it('extends the life of a session without writing an indexed column, and readers see it', async () => {
    const key = await register('a', {}, 'short');
    await fixture.sql(
      "UPDATE sessions SET created_at = created_at - interval '3 hours', last_activity_at = last_activity_at - interval '3 hours', expires_at = expires_at - interval '3 hours' WHERE session_key = $1",
      [key],
    );
    const stored = () =>
      fixture.sql('SELECT expires_at, dormancy_check_at, retention_policy, ttl_hours FROM sessions WHERE session_key = $1', [key]);
    const before = await stored();
    await fixture.sessions.append({ sessionKey: key, contextType: 'message', content: 'x', metadata: {} });
    expect(await stored()).toEqual(before);
    const shown = (await fixture.sessions.context({ sessionKey: key, afterSequenceNumber: 0, limit: 1 }))?.session;
    expect(shown?.expiresAt?.getTime()).toBe((shown?.lastActivityAt.getTime() ?? 0) + 4 * 3_600_000);
    const listed = (await fixture.sessions.list({ limit: 100 })).items.find(({ sessionKey }) => sessionKey === key);
    expect(listed?.expiresAt).toEqual(shown?.expiresAt);
  });
});

describe('a handoff', () => {
  const handOff = (sessionKey: string, requestType: 'full_handoff' | 'collaboration') =>
    fixture.sessions.handOff({ sessionKey, targetAgent: 'target', requestType, requestData: {} });

  it('assigns the policy of a rule for its request type', async () => {
    const rule = await fixture.retention.addRule({ policy: 'extended', requestType: 'full_handoff', metadata: { audit: true } }, 'ann');
    const [fits, not, other] = [await register('a', { audit: true }), await register('a', {}), await register('a', { audit: true })];
    await handOff(fits, 'full_handoff');
    await handOff(not, 'full_handoff');
    await handOff(other, 'collaboration');
    expect((await chosen(fits)).slice(0, 2)).toEqual(['extended', 72]);
    expect((await chosen(not)).slice(0, 2)).toEqual(['standard', 48]);
    expect((await chosen(other)).slice(0, 2)).toEqual(['standard', 48]);
    expect(
      await fixture.sql(
        "SELECT changed_by, before, after FROM retention_changes WHERE subject = 'assignment' AND subject_id = (SELECT id::text FROM sessions WHERE session_key = $1)",
        [fits],
      ),
    ).toEqual([{ changed_by: `rule ${rule.id}`, before: { policy: 'standard' }, after: { policy: 'extended' } }]);
  });

  it('to a shorter policy brings the times forward, unless the expiry was fixed by hand', async () => {
    await fixture.retention.addRule({ policy: 'short', requestType: 'collaboration' }, 'ann');
    const [key, fixed] = [await register('a', {}), await register('a', {})];
    await fixture.sql('UPDATE sessions SET ttl_hours = NULL WHERE session_key = $1', [fixed]);
    await handOff(key, 'collaboration');
    await handOff(fixed, 'collaboration');
    const [, ttl, expires, checked] = (await chosen(key)) as [string, number, number, number];
    expect([ttl, Math.round(expires), Math.round(checked)]).toEqual([4, 4, 1]);
    expect((await chosen(fixed)).slice(0, 3)).toEqual(['short', null, 48]);
  });
});

describe('a change of a policy', () => {
  it('leaves sessions in the archive as they were', async () => {
    const key = await register('a', {}, 'short');
    await fixture.sql("UPDATE sessions SET status = 'completed', archived_at = now() WHERE session_key = $1", [key]);
    const before = await chosen(key);
    await fixture.retention.updatePolicy({ name: 'short', activeSessionTtl: 3 }, 'ann');
    expect(await chosen(key)).toEqual(before);
    await fixture.retention.updatePolicy({ name: 'short', activeSessionTtl: 4 }, 'ann');
  });
});

describe('an operator', () => {
  it('assigns a policy to one session by key or id, also to an archived one, and it is recorded once', async () => {
    const key = await register('a', {});
    const [{ id } = { id: '' }] = await fixture.sql<{ id: string }>('SELECT id FROM sessions WHERE session_key = $1', [key]);
    expect(await fixture.retention.assign({ sessionKey: key }, 'short', 'ann')).toEqual({
      sessionId: id,
      sessionKey: key,
      formerPolicy: 'standard',
      changed: true,
    });
    expect((await chosen(key)).map((value) => (typeof value === 'number' ? Math.round(value) : value))).toEqual(['short', 4, 4, 1]);
    expect(await fixture.retention.assign({ sessionId: id }, 'short', 'bob')).toMatchObject({ changed: false });
    await fixture.sql("UPDATE sessions SET status = 'expired', archived_at = now() WHERE id = $1", [id]);
    expect(await fixture.retention.assign({ sessionId: id }, 'extended', 'bob')).toMatchObject({ changed: true });
    expect(await fixture.sql('SELECT changed_by, before, after FROM retention_changes WHERE subject_id = $1 ORDER BY id', [id])).toEqual([
      { changed_by: 'ann', before: { policy: 'standard', ttlHours: 48 }, after: { policy: 'short', ttlHours: 4 } },
      { changed_by: 'bob', before: { policy: 'short', ttlHours: 4 }, after: { policy: 'extended', ttlHours: 72 } },
    ]);
  });

  it('leaves a time of expiry that was fixed by hand, and gives that session no time to live', async () => {
    const key = await register('a', {});
    await fixture.sql("UPDATE sessions SET ttl_hours = NULL, expires_at = created_at + interval '99 hours' WHERE session_key = $1", [key]);
    expect(await fixture.retention.assign({ sessionKey: key }, 'short', 'ann')).toMatchObject({ changed: true });
    expect((await chosen(key)).slice(0, 3)).toEqual(['short', null, 99]);
  });

  it('learns that a session or policy does not exist', async () => {
    expect(await fixture.retention.assign({ sessionKey: 'nobody' }, 'short', 'ann')).toBeUndefined();
    expect(await fixture.retention.assign({ sessionId: 'not an id' }, 'short', 'ann')).toBeUndefined();
    const key = await register('a', {});
    await expect(fixture.retention.assign({ sessionKey: key }, 'forever', 'ann')).rejects.toMatchObject({
      code: 'HANDOFF_RETENTION_POLICY_UNKNOWN',
      data: { known: ['extended', 'short', 'standard'] },
    });
  });

  it('puts a rule where the database can store its place, and others behind it', async () => {
    for (const position of [1.5, 1e12, NaN])
      await expect(fixture.retention.addRule({ policy: 'short', agent: 'x', position }, 'ann')).rejects.toMatchObject({
        data: { problems: [{ path: 'position' }] },
      });
    // As an earlier release took it.
    await fixture.sql("INSERT INTO retention_rules (position, policy, agent) VALUES (2147483647, 'short', 'x')");
    const behind = await fixture.retention.addRule({ policy: 'short', agent: 'y' }, 'ann');
    expect((await fixture.retention.listRules()).at(-1)).toEqual(behind);
    await fixture.sql('DELETE FROM retention_rules');
  });

  it('adds, lists and removes rules, which is recorded, and a rule needs a condition', async () => {
    const last = await fixture.retention.addRule({ policy: 'short', agent: 'x' }, 'ann');
    const first = await fixture.retention.addRule({ policy: 'extended', metadata: { a: 1 }, position: 1 }, 'ann');
    expect((await fixture.retention.listRules()).map(({ id }) => id)).toEqual([first.id, last.id]);
    await expect(fixture.retention.removePolicy('short', 'ann')).rejects.toMatchObject({ data: { rules: 1 } });
    expect([await fixture.retention.removeRule(last.id, 'bob'), await fixture.retention.removeRule(last.id, 'bob')]).toEqual([true, false]);
    expect(
      await fixture.sql("SELECT changed_by FROM retention_changes WHERE subject = 'rule' AND subject_id = $1 ORDER BY id", [last.id]),
    ).toEqual([{ changed_by: 'ann' }, { changed_by: 'bob' }]);
    await expect(fixture.retention.addRule({ policy: 'short' }, 'ann')).rejects.toMatchObject({ data: { problems: [{ path: 'rule' }] } });
    await expect(fixture.retention.addRule({ policy: 'short', requestType: 'gift', metadata: {} }, 'ann')).rejects.toMatchObject({
      data: { problems: [{ path: 'metadata' }, { path: 'requestType' }] },
    });
    await expect(fixture.retention.addRule({ policy: 'none', agent: 'x' }, 'ann')).rejects.toMatchObject({
      code: 'HANDOFF_RETENTION_POLICY_UNKNOWN',
    });
  });
});
