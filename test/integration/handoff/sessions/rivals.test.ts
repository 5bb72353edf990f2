import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterEach(() => {
  fixture.before.clear();
});
afterAll(() => fixture.dispose());

const register = (sessionKey: string) => fixture.sessions.register({ sessionKey, agentFrom: 'planner', metadata: {} });
const append = (sessionKey: string, content = 'x') =>
  fixture.sessions.append({ sessionKey, contextType: 'message', content, metadata: {} });
const handOff = (sessionKey: string, requestType: 'context_transfer' | 'full_handoff' = 'context_transfer') =>
  fixture.sessions.handOff({ sessionKey, targetAgent: 'builder', requestType, requestData: {} });
/** As an earlier server does it: the highest number stored plus one, without our counter. */
const appendAsEarlier = (sessionKey: string) =>
  fixture.sql(
    `INSERT INTO context_history (session_id, sequence_number, context_type, content)
     SELECT s.id, (SELECT max(sequence_number) + 1 FROM context_history h WHERE h.session_id = s.id), 'message', 'earlier' FROM sessions s WHERE session_key = $1`,
    [sessionKey],
  );
const contents = async (sessionKey: string): Promise<string[]> =>
  (
    await fixture.sql<{ line: string }>(
      "SELECT sequence_number || ' ' || content AS line FROM context_history h JOIN sessions s ON s.id = h.session_id WHERE session_key = $1 ORDER BY sequence_number",
      [sessionKey],
    )
  ).map(({ line }) => line);

/** Lets `rival` come in front of the first `times` runs of a statement. */
function before(statement: string, times: number, rival: () => Promise<unknown>): { readonly runs: () => number } {
  let runs = 0;
  fixture.before.set(statement, async () => {
    runs += 1;
    if (runs <= times) await rival();
  });
  return { runs: () => runs };
}

describe('an earlier server that numbers entries itself', () => {
  it('between two updates of ours leaves no gap and no clash', async () => {
    await register('earlier-append');
    await append('earlier-append', 'ours');
    await appendAsEarlier('earlier-append');
    await appendAsEarlier('earlier-append');
    await append('earlier-append', 'ours again');
    expect(await contents('earlier-append')).toEqual([
      '1 Session registered by agent: planner',
      '2 ours',
      '3 earlier',
      '4 earlier',
      '5 ours again',
    ]);
  });

  it('that commits while an update of ours waits for it makes that try once more', async () => {
    await register('earlier-wins');
    const rival = await fixture.database.pool.connect();
    try {
      await rival.query('BEGIN');
      await rival.query(
        "INSERT INTO context_history (session_id, sequence_number, context_type, content) SELECT id, 2, 'message', 'earlier' FROM sessions WHERE session_key = 'earlier-wins'",
      );
      fixture.sent.length = 0;
      const ours = append('earlier-wins', 'ours');
      await someoneWaits();
      await rival.query('COMMIT');
      expect(await ours).toMatchObject({ kind: 'appended', entry: { sequenceNumber: 3 } });
    } finally {
      rival.release();
    }
    // Our statement saw the database as it was before the rival's row, took its number, and had to be repeated.
    expect(fixture.sent.filter((name) => name === 'handoff_insert_entry')).toHaveLength(2);
    expect(await contents('earlier-wins')).toEqual(['1 Session registered by agent: planner', '2 earlier', '3 ours']);
  });

  it('in the middle of a handoff makes it read again, once, without a lock', async () => {
    await register('earlier-handoff');
    const { runs } = before('handoff_write_handoff', 1, () => appendAsEarlier('earlier-handoff'));
    fixture.sent.length = 0;
    expect(await handOff('earlier-handoff')).toMatchObject({ kind: 'handed_off', contextEntries: 2 });
    expect(runs()).toBe(2);
    expect(fixture.sent).toEqual([
      'handoff_read_handoff_state',
      'handoff_write_handoff',
      'handoff_read_handoff_state',
      'handoff_write_handoff',
    ]);
    expect(await contents('earlier-handoff')).toEqual([
      '1 Session registered by agent: planner',
      '2 earlier',
      '3 Handoff requested to agent: builder',
    ]);
  });

  it('that comes before every try of a handoff is let in or kept out by the lock, and the handoff succeeds', async () => {
    await register('earlier-always');
    let waiting: Promise<unknown> = Promise.resolve();
    const { runs } = before('handoff_write_handoff', 4, async () => {
      const inserted = appendAsEarlier('earlier-always');
      // Under the lock it cannot get in (its foreign key needs the session's row), so waiting for it here would never end.
      if (runs() > 3) waiting = inserted.catch(() => undefined);
      else await inserted;
    });
    const outcome = await handOff('earlier-always');
    await waiting;
    // It may hold the number while we hold the row: PostgreSQL then ends one of the two, and we begin anew if it is ours.
    expect([4, 5]).toContain(runs());
    const stored = await contents('earlier-always');
    const own = stored.findIndex((line) => line.includes('Handoff requested'));
    expect(outcome).toMatchObject({ kind: 'handed_off', contextEntries: own });
    expect(stored.map((line) => Number.parseInt(line, 10))).toEqual(stored.map((_line, index) => index + 1));
    expect(stored.filter((line) => line.includes('Handoff requested'))).toHaveLength(1);
  });

  it('that makes PostgreSQL end our statement as the victim of a deadlock makes it begin anew, with and without the lock', async () => {
    const victim = (): Promise<never> => Promise.reject(Object.assign(new Error('deadlock detected'), { code: '40P01' }));
    await register('victim');
    const handoff = before('handoff_write_handoff', 5, victim);
    expect(await handOff('victim')).toMatchObject({ kind: 'handed_off', contextEntries: 1 });
    expect(handoff.runs()).toBe(6);
    const update = before('handoff_insert_entry', 4, victim);
    expect(await append('victim', 'ours')).toMatchObject({ kind: 'appended', entry: { sequenceNumber: 3 } });
    expect(update.runs()).toBe(5);
    expect(await contents('victim')).toEqual(['1 Session registered by agent: planner', '2 Handoff requested to agent: builder', '3 ours']);
  });

  it('without foreign keys, in front of every locked try too, makes the handoff fail with advice and write nothing', async () => {
    await register('no-keys');
    const [constraint] = await fixture.sql<{ conname: string }>(
      "SELECT conname FROM pg_constraint WHERE conrelid = 'context_history'::regclass AND contype = 'f'",
    );
    await fixture.sql(`ALTER TABLE context_history DROP CONSTRAINT ${constraint?.conname ?? ''}`);
    const { runs } = before('handoff_write_handoff', 99, () => appendAsEarlier('no-keys'));
    await expect(handOff('no-keys', 'full_handoff')).rejects.toMatchObject({ code: 'HANDOFF_CONCURRENT_CHANGE' });
    expect(runs()).toBe(6);
    expect((await contents('no-keys')).filter((line) => line.includes('Handoff'))).toEqual([]);
    expect(await fixture.sql("SELECT status, agent_to FROM sessions WHERE session_key = 'no-keys'")).toEqual([
      { status: 'active', agent_to: null },
    ]);
    fixture.before.clear();
    expect(await handOff('no-keys')).toMatchObject({ kind: 'handed_off' });
  });
});

describe('in the middle of a handoff', () => {
  it('an update of ours is taken into the package', async () => {
    await register('raced');
    before('handoff_write_handoff', 1, () => append('raced', 'just in time'));
    expect(await handOff('raced')).toMatchObject({ kind: 'handed_off', contextEntries: 2 });
    expect(fixture.cache.entries.get('handoff:builder:raced')?.value).toContain('just in time');
  });

  it("three updates of ours make it queue behind the session's lock", async () => {
    await register('crowded');
    before('handoff_write_handoff', 3, () => append('crowded'));
    fixture.sent.length = 0;
    expect(await handOff('crowded')).toMatchObject({ kind: 'handed_off', contextEntries: 4 });
    expect(fixture.sent.slice(-5)).toEqual([
      'BEGIN ISOLATION LEVEL READ COMMITTED',
      'handoff_lock_session',
      'handoff_read_handoff_state',
      'handoff_write_handoff',
      'COMMIT',
    ]);
  });

  it('a full handoff by someone else ends it as not active', async () => {
    await register('taken');
    before('handoff_write_handoff', 1, () => fixture.sql("UPDATE sessions SET status = 'completed' WHERE session_key = 'taken'"));
    expect(await handOff('taken')).toEqual({ kind: 'session_not_active', status: 'completed' });
  });

  it('falling asleep is noticed and recorded as a reactivation', async () => {
    const { session } = await register('dozing');
    before('handoff_write_handoff', 1, () => fixture.sql("UPDATE sessions SET is_dormant = true WHERE session_key = 'dozing'"));
    expect(await handOff('dozing')).toMatchObject({ kind: 'handed_off' });
    expect(
      await fixture.sql("SELECT event_data FROM session_lifecycle WHERE event_type = 'reactivated' AND session_id = $1", [session.id]),
    ).toEqual([{ event_data: { cause: 'handoff_requested' } }]);
  });

  it('deletion ends it as not found', async () => {
    await register('purged');
    before('handoff_write_handoff', 1, () => fixture.sql("DELETE FROM sessions WHERE session_key = 'purged'"));
    expect(await handOff('purged')).toEqual({ kind: 'session_not_found' });
  });
});

describe('a registration that has to wait for a rival with the same key', () => {
  async function race(sessionKey: string, end: 'COMMIT' | 'ROLLBACK'): Promise<Awaited<ReturnType<typeof register>>> {
    const rival = await fixture.database.pool.connect();
    try {
      await rival.query('BEGIN');
      await rival.query("INSERT INTO sessions (session_key, agent_from) VALUES ($1, 'rival')", [sessionKey]);
      const ours = register(sessionKey);
      await someoneWaits();
      await rival.query(end);
      return await ours;
    } finally {
      rival.release();
    }
  }

  it("that commits sees the rival's session", async () => {
    fixture.sent.length = 0;
    expect(await race('contested', 'COMMIT')).toMatchObject({
      kind: 'session_exists',
      session: { sessionKey: 'contested', agentFrom: 'rival' },
    });
    expect(fixture.sent.filter((name) => name === 'handoff_insert_session')).toHaveLength(2);
  });

  it('that gives up takes the key', async () => {
    expect(await race('released', 'ROLLBACK')).toMatchObject({ kind: 'registered', session: { agentFrom: 'planner' } });
  });
});

async function someoneWaits(): Promise<void> {
  const deadlineMs = performance.now() + 10_000;
  for (;;) {
    const waiting = await fixture.sql("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
    if (waiting.length > 0) return;
    if (performance.now() > deadlineMs) throw new Error('nobody waited for a lock within 10 s');
  }
}
