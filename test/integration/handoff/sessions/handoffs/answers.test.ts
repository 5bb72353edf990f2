import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnswerRequest } from '../../../../../src/handoff/sessions/handoffs/answerHandoff.js';
import type { RequestType } from '../../../../../src/handoff/sessions/types.js';
import { handoffFixture } from '../../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../../setup/handoffFixture.js';

/** What becomes of a session and its handoffs when targets answer, one after the other and all at once. */

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());

const register = (sessionKey: string) => fixture.sessions.register({ sessionKey, agentFrom: 'planner', metadata: {} });
const append = (sessionKey: string, agent: string) =>
  fixture.sessions.append({ sessionKey, contextType: 'message', content: 'x', metadata: {}, agent });

async function handOff(sessionKey: string, requestType: RequestType = 'full_handoff', targetAgent = 'builder'): Promise<string> {
  const outcome = await fixture.sessions.handOff({ sessionKey, targetAgent, requestType, requestData: {} });
  if (outcome.kind !== 'handed_off') throw new Error(outcome.kind);
  return outcome.handoffId;
}

const builder = (sessionKey: string, more: Partial<AnswerRequest> = {}): AnswerRequest => ({ sessionKey, agent: 'builder', ...more });

const handoff = (id: string) => fixture.sql('SELECT status FROM handoff_requests WHERE id = $1', [id]);
async function stored(sessionKey: string): Promise<Record<string, unknown>> {
  const [row] = await fixture.sql<Record<string, unknown>>('SELECT * FROM sessions WHERE session_key = $1', [sessionKey]);
  return row ?? {};
}

/** The events after the two of the registration, in the order in which they happened, as far as their times tell. */
async function events(sessionKey: string): Promise<(readonly [type: string, data: Record<string, unknown>])[]> {
  const rows = await fixture.sql<{ event_type: string; event_data: Record<string, unknown> }>(
    `SELECT event_type, event_data FROM session_lifecycle l JOIN sessions s ON s.id = l.session_id
     WHERE session_key = $1 AND event_type NOT IN ('created', 'expiration_scheduled') ORDER BY l.created_at, event_type`,
    [sessionKey],
  );
  return rows.map(({ event_type: type, event_data: data }) => [type, data]);
}

describe('a full handoff', () => {
  it('that is accepted makes the session active again under its target, who writes in it, hands it on and completes it', async () => {
    await register('taken');
    const handoffId = await handOff('taken');
    expect(await append('taken', 'builder')).toEqual({ kind: 'session_not_active', status: 'completed' });
    await fixture.sql(
      "UPDATE sessions SET expires_at = now() - interval '1 hour', dormancy_check_at = '-infinity' WHERE session_key = 'taken'",
    );

    expect(await fixture.sessions.acceptHandoff(builder('taken'))).toMatchObject({
      kind: 'answered',
      isRepeated: false,
      sessionStatus: 'active',
      handoff: { handoffId, status: 'accepted', requestingAgent: 'planner', answeredAt: expect.any(Date), completedAt: null },
    });
    const session = await stored('taken');
    expect(session).toMatchObject({ status: 'active', agent_to: 'builder', is_dormant: false });
    // The standard policy: a day to live, a look at dormancy after two hours.
    expect(Number(session['expires_at']) - Number(session['last_activity_at'])).toBe(24 * 3_600_000);
    expect(Number(session['dormancy_check_at']) - Number(session['last_activity_at'])).toBe(2 * 3_600_000);
    expect(await append('taken', 'builder')).toMatchObject({ kind: 'appended' });

    const next = await fixture.sessions.handOff({
      sessionKey: 'taken',
      targetAgent: 'tester',
      requestType: 'full_handoff',
      requestData: {},
    });
    expect(next).toMatchObject({ kind: 'handed_off', requestingAgent: 'builder', status: 'completed' });
    expect(JSON.parse(fixture.cache.entries.get('handoff:tester:taken')?.value ?? '')).toMatchObject({ sourceAgent: 'builder' });
    expect(await fixture.sessions.completeHandoff(builder('taken', { answer: { built: true } }))).toMatchObject({
      kind: 'answered',
      sessionStatus: 'completed',
      handoff: { status: 'completed', answer: { built: true }, completedAt: expect.any(Date) },
    });
    expect(await events('taken')).toEqual([
      ['status_changed', { from: 'active', to: 'completed' }],
      ['handoff_accepted', { handoff_id: handoffId, agent: 'builder', request_type: 'full_handoff' }],
      ['status_changed', { from: 'completed', to: 'active', cause: 'handoff_accepted' }],
      ['status_changed', { from: 'active', to: 'completed' }],
      ['handoff_completed', { handoff_id: handoffId, agent: 'builder', request_type: 'full_handoff' }],
    ]);
  });

  it('that is rejected leaves the session completed, and its reason is kept', async () => {
    await register('refused');
    await handOff('refused');
    expect(await fixture.sessions.rejectHandoff(builder('refused', { answer: { reason: 'no time' } }))).toMatchObject({
      kind: 'answered',
      sessionStatus: 'completed',
      handoff: { status: 'rejected', answer: { reason: 'no time' }, answeredAt: expect.any(Date), completedAt: expect.any(Date) },
    });
    expect(await stored('refused')).toMatchObject({ status: 'completed' });
    expect((await events('refused')).map(([type]) => type)).toEqual(['status_changed', 'handoff_rejected']);
  });

  it('nobody accepts behaves as in the earlier contract: completed, readable, and no longer written', async () => {
    await register('ignored');
    await handOff('ignored');
    expect(await append('ignored', 'planner')).toEqual({ kind: 'session_not_active', status: 'completed' });
    expect(await fixture.sessions.context({ sessionKey: 'ignored', afterSequenceNumber: 0, limit: 10 })).toMatchObject({
      session: { status: 'completed', agentTo: 'builder' },
    });
  });

  it('keeps a time of expiry that was set by hand', async () => {
    await register('fixed');
    await handOff('fixed');
    await fixture.sql("UPDATE sessions SET ttl_hours = NULL, expires_at = '2100-01-01' WHERE session_key = 'fixed'");
    expect(await fixture.sessions.acceptHandoff(builder('fixed'))).toMatchObject({ kind: 'answered', sessionStatus: 'active' });
    expect((await stored('fixed'))['expires_at']).toEqual(new Date('2100-01-01T00:00:00Z'));
  });
});

describe.each(['context_transfer', 'collaboration'] as const)('a %s', (requestType) => {
  it('only gets its answer: the session goes on as before, and is no more alive for it', async () => {
    await register(requestType);
    await handOff(requestType, requestType);
    await fixture.sql('UPDATE sessions SET is_dormant = true WHERE session_key = $1', [requestType]);
    const before = await stored(requestType);
    expect(await fixture.sessions.acceptHandoff(builder(requestType))).toMatchObject({
      kind: 'answered',
      sessionStatus: 'active',
      handoff: { status: 'accepted', requestType },
    });
    expect(await stored(requestType)).toEqual(before);
    expect((await events(requestType)).map(([type]) => type)).toEqual(['handoff_accepted']);
  });
});

describe('an answer is refused', () => {
  it('for a session or a handoff that is not there', async () => {
    await register('bare');
    const elsewhere = await register('elsewhere').then(() => handOff('elsewhere'));
    expect(await fixture.sessions.acceptHandoff(builder('nobody'))).toEqual({ kind: 'session_not_found' });
    expect(await fixture.sessions.acceptHandoff(builder('bare'))).toEqual({ kind: 'handoff_not_found' });
    expect(await fixture.sessions.acceptHandoff(builder('bare', { handoffId: elsewhere }))).toEqual({ kind: 'handoff_not_found' });
  });

  it('from an agent that is not the target', async () => {
    await register('foreign');
    const handoffId = await handOff('foreign');
    const stranger = { sessionKey: 'foreign', agent: 'stranger' };
    expect(await fixture.sessions.acceptHandoff(stranger)).toEqual({ kind: 'handoff_not_found' });
    expect(await fixture.sessions.acceptHandoff({ ...stranger, handoffId })).toEqual({
      kind: 'agent_not_target',
      handoffId,
      targetAgent: 'builder',
    });
    expect(await stored('foreign')).toMatchObject({ status: 'completed', agent_to: 'builder' });
    await fixture.sessions.acceptHandoff(builder('foreign'));
    for (const method of ['rejectHandoff', 'completeHandoff'] as const)
      expect(await fixture.sessions[method]({ ...stranger, handoffId })).toMatchObject({ kind: 'agent_not_target' });
    expect(await handoff(handoffId)).toEqual([{ status: 'accepted' }]);
  });

  it.each([
    ['pending', 'completeHandoff', ['accept', 'reject']],
    ['accepted', 'rejectHandoff', ['complete']],
    ['rejected', 'acceptHandoff', []],
    ['completed', 'acceptHandoff', []],
    ['timed_out', 'acceptHandoff', []],
    ['timed_out', 'rejectHandoff', []],
    ['delegated', 'acceptHandoff', []],
  ] as const)('to a handoff that is %s by %s', async (status, method, allowed) => {
    const key = `${status} ${method}`;
    await register(key);
    const handoffId = await handOff(key);
    await fixture.sql('UPDATE handoff_requests SET status = $2 WHERE id = $1', [handoffId, status]);
    expect(await fixture.sessions[method](builder(key))).toEqual({ kind: 'handoff_not_open', handoffId, status, allowed });
    expect((await events(key)).map(([type]) => type)).toEqual(['status_changed']);
  });

  it.each([
    ['expired', "status = 'expired'", 'expired'],
    ['cancelled', "status = 'cancelled'", 'cancelled'],
    ['at its fixed end', "ttl_hours = NULL, expires_at = now() - interval '1 second'", 'expired'],
    ['archived', 'archived_at = now()', 'archived'],
  ])('that accepts where the session is %s; what is not in the archive can be rejected', async (name, set, status) => {
    const key = `session ${name}`;
    await register(key);
    const handoffId = await handOff(key);
    await fixture.sql(`UPDATE sessions SET ${set} WHERE session_key = $1`, [key]);
    expect(await fixture.sessions.acceptHandoff(builder(key))).toEqual({ kind: 'session_not_active', status });
    expect((await fixture.sessions.rejectHandoff(builder(key))).kind).toBe(name === 'archived' ? 'session_not_active' : 'answered');
    expect(await handoff(handoffId)).toEqual([{ status: name === 'archived' ? 'pending' : 'rejected' }]);
  });

  it('not because of a legal hold, which keeps a session from being deleted and from nothing else', async () => {
    const outcome = await register('held');
    await handOff('held');
    await fixture.sql("INSERT INTO session_holds (session_id, reason, placed_by) VALUES ($1, 'dispute', 'counsel')", [outcome.session.id]);
    expect(await fixture.sessions.acceptHandoff(builder('held'))).toMatchObject({ kind: 'answered', sessionStatus: 'active' });
  });
});

describe('an answer that is given', () => {
  it('again changes nothing and is answered as the first time, also after another handoff of the session', async () => {
    await register('again');
    await handOff('again', 'context_transfer');
    const handoffId = await handOff('again', 'collaboration');
    for (const isRepeated of [false, true]) {
      expect(await fixture.sessions.acceptHandoff(builder('again'))).toMatchObject({
        kind: 'answered',
        isRepeated,
        handoff: { handoffId },
      });
    }
    for (const [isRepeated, answer] of [
      [false, { n: 1 }],
      [true, { n: 2 }],
    ] as const) {
      expect(await fixture.sessions.completeHandoff(builder('again', { answer }))).toMatchObject({
        isRepeated,
        handoff: { answer: { n: 1 } },
      });
    }
    const states = await fixture.sql<{ status: string }>(
      "SELECT r.status FROM handoff_requests r JOIN sessions s ON s.id = r.session_id WHERE session_key = 'again' ORDER BY r.created_at",
    );
    expect(states.map(({ status }) => status)).toEqual(['pending', 'completed']);
    expect(await events('again')).toHaveLength(2);
  });

  it('twenty times at once counts once, and so does the activity of the session', async () => {
    await register('crowd');
    await handOff('crowd');
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => fixture.sessions.acceptHandoff(builder('crowd'))));
    expect(outcomes.map((outcome) => outcome.kind === 'answered' && outcome.isRepeated).sort()).toEqual([
      false,
      ...Array<boolean>(19).fill(true),
    ]);
    expect((await events('crowd')).map(([type]) => type)).toEqual(['status_changed', 'handoff_accepted', 'status_changed']);
  });

  it('against another at once is decided once: accepted or rejected, never both', async () => {
    for (let round = 0; round < 10; round += 1) {
      const key = `contest ${round}`;
      await register(key);
      const handoffId = await handOff(key);
      const answers = [fixture.sessions.acceptHandoff(builder(key)), fixture.sessions.rejectHandoff(builder(key))];
      const outcomes = await Promise.all(round % 2 === 0 ? answers : answers.reverse());
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['answered', 'handoff_not_open']);
      const [request] = await fixture.sql<{ status: string }>('SELECT status FROM handoff_requests WHERE id = $1', [handoffId]);
      expect((await stored(key))['status']).toBe(request?.status === 'accepted' ? 'active' : 'completed');
    }
  });
});
