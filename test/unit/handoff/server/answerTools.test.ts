import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '@modelcontextprotocol/client';
import type { AnswerOutcome } from '../../../../src/handoff/sessions/handoffs/answerHandoff.js';
import { FakeSessions, call, connectTo } from './fakeSessions.js';
import type { ToolAnswer } from './fakeSessions.js';

/** What the tools that answer a handoff say, whatever becomes of the answer. */

let client: Client | undefined;
afterEach(() => client?.close());

const HANDOFF = {
  handoffId: '5f0c1b1e-0000-4000-8000-00000000000a',
  sessionKey: 'k',
  requestingAgent: 'planner',
  targetAgent: 'builder',
  requestType: 'full_handoff',
  status: 'accepted',
  createdAt: new Date('2026-01-01T10:00:00Z'),
  deliveredAt: new Date('2026-01-01T10:00:00Z'),
  answeredAt: new Date('2026-01-01T11:00:00Z'),
  completedAt: null,
  answer: null,
};
const answered: AnswerOutcome = { kind: 'answered', handoff: HANDOFF, sessionStatus: 'active', isRepeated: false };
const ARGS = { sessionKey: 'k', agent: 'builder' };

async function accept(outcome: AnswerOutcome, args: object = ARGS): Promise<ToolAnswer & { calls: FakeSessions['calls'] }> {
  const fake = new FakeSessions({ acceptHandoff: () => outcome });
  client = await connectTo(fake);
  return { ...(await call(client, 'accept_handoff', { ...args })), calls: fake.calls };
}

describe('accept_handoff', () => {
  it('answers with the handoff, the session and what comes next', async () => {
    const { isError, body, calls } = await accept(answered);
    expect(isError).toBe(false);
    expect(calls).toEqual([['acceptHandoff', ARGS]]);
    const { answer: _answer, ...shown } = HANDOFF;
    expect(body).toEqual({
      success: true,
      message: 'Handoff accepted',
      handoff: JSON.parse(JSON.stringify(shown)) as unknown,
      session: { sessionKey: 'k', status: 'active' },
      nextSteps: [
        'Read what happened with get_summary and get_context on session k',
        'Add to session k with update_context, and set agent to your name',
        'Call complete_handoff when you have done what was asked',
      ],
    });
  });

  it('says so when it had been given before, and when the session can only be read', async () => {
    const { body } = await accept({ ...answered, isRepeated: true, sessionStatus: 'completed' });
    expect(body).toMatchObject({ repeated: true, session: { status: 'completed' } });
    expect(body['nextSteps']).toContain(
      'Session k is completed and can only be read: continue in a session of your own, opened with register_session',
    );
  });

  it.each([
    [{ kind: 'session_not_found' }, 'Session not found', { sessionKey: 'k' }],
    [{ kind: 'session_not_active', status: 'expired' }, 'Session is not active', { currentStatus: 'expired' }],
    [
      { kind: 'session_not_active', status: 'archived' },
      'Session is not active',
      { currentStatus: 'archived', hint: expect.stringContaining('handoff-otel archive restore') },
    ],
    [
      { kind: 'handoff_not_found' },
      'Handoff not found',
      { sessionKey: 'k', agent: 'builder', hint: expect.stringContaining('list_handoffs') },
    ],
    [
      { kind: 'agent_not_target', handoffId: 'h', targetAgent: 'tester' },
      'Agent is not the target of the handoff',
      { agent: 'builder', handoffId: 'h', targetAgent: 'tester' },
    ],
    [
      { kind: 'handoff_not_open', handoffId: 'h', status: 'accepted', allowed: ['complete'] },
      'Handoff cannot be accepted',
      { currentStatus: 'accepted', allowed: ['complete_handoff'], hint: 'It is accepted: call complete_handoff.' },
    ],
    [
      { kind: 'handoff_not_open', handoffId: 'h', status: 'timed_out', allowed: [] },
      'Handoff cannot be accepted',
      { currentStatus: 'timed_out', allowed: [], hint: expect.stringContaining('final') },
    ],
  ] as const)('tells of %j what is and what can be done', async (outcome, error, more) => {
    const { isError, body } = await accept(outcome);
    expect(isError).toBe(true);
    expect(body).toMatchObject({ success: false, error, ...more });
  });

  it.each([
    [{ sessionKey: 'k' }, 'agent'],
    [{ agent: 'builder' }, 'sessionKey'],
    [{ ...ARGS, handoffId: 'newest' }, 'handoffId'],
    [{ ...ARGS, agent: '' }, 'agent'],
  ])('refuses %j', async (args, path) => {
    const { isError, body, calls } = await accept(answered, args);
    expect(isError).toBe(true);
    expect(body).toMatchObject({ error: 'Invalid input', problems: [{ path }] });
    expect(calls).toEqual([]);
  });
});

it('reject_handoff and complete_handoff pass on what the target says', async () => {
  const fake = new FakeSessions({ rejectHandoff: () => answered, completeHandoff: () => answered });
  client = await connectTo(fake);
  await call(client, 'reject_handoff', { ...ARGS, reason: 'no time' });
  await call(client, 'reject_handoff', ARGS);
  await call(client, 'complete_handoff', { ...ARGS, handoffId: HANDOFF.handoffId, result: { done: 1 } });
  expect(fake.calls).toEqual([
    ['rejectHandoff', { ...ARGS, answer: { reason: 'no time' } }],
    ['rejectHandoff', ARGS],
    ['completeHandoff', { ...ARGS, handoffId: HANDOFF.handoffId, answer: { done: 1 } }],
  ]);
});

it('list_handoffs shows an inbox that does not fit in pages, and a handoff that does not fit without its data', async () => {
  const item = { ...HANDOFF, sessionStatus: 'active', requestData: { text: 'x'.repeat(200_000) } };
  const fake = new FakeSessions({ listHandoffs: () => ({ items: [item, item], cursors: ['c1', 'c2'] }) });
  client = await connectTo(fake, 524_288);
  expect((await call(client, 'list_handoffs', { agent: 'builder' })).body).toMatchObject({
    handoffs: [{ requestData: item.requestData }],
    nextCursor: 'c1',
  });
  expect(fake.calls).toEqual([['listHandoffs', { agent: 'builder', limit: 100 }]]);

  const large = { ...item, requestData: { text: 'x'.repeat(600_000) } };
  client = await connectTo(new FakeSessions({ listHandoffs: () => ({ items: [large], cursors: ['c1'] }) }), 524_288);
  expect((await call(client, 'list_handoffs', { agent: 'builder' })).body).toMatchObject({
    handoffs: [{ handoffId: HANDOFF.handoffId, requestData: {}, answer: null, leftOut: ['requestData', 'answer'] }],
  });
});
