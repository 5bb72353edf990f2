import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '@modelcontextprotocol/client';
import { session } from '../sessions/samples.js';
import { FakeSessions, call, connectTo, summary } from './fakeSessions.js';
import type { ToolAnswer } from './fakeSessions.js';

let client: Client | undefined;
afterEach(() => client?.close());

async function answerOf(
  answers: ConstructorParameters<typeof FakeSessions>[0],
  tool: string,
  args: Record<string, unknown>,
): Promise<ToolAnswer & { calls: FakeSessions['calls'] }> {
  const fake = new FakeSessions(answers);
  client = await connectTo(fake);
  return { ...(await call(client, tool, args)), calls: fake.calls };
}

const lines = (...text: string[]): string => text.join('\n');

describe('register_session', () => {
  const args = { sessionKey: 'checkout-42', agentFrom: 'planner', metadata: { ticket: 'A-1' } };

  it('answers with the session', async () => {
    const { isError, text, calls } = await answerOf({ register: () => ({ kind: 'registered', session }) }, 'register_session', args);
    expect(isError).toBe(false);
    expect(text).toBe(
      lines(
        '{',
        '  "success": true,',
        '  "message": "Session registered successfully",',
        '  "session": {',
        '    "id": "5f0c1b1e-0000-4000-8000-000000000001",',
        '    "sessionKey": "checkout-42",',
        '    "agentFrom": "planner",',
        '    "status": "active",',
        '    "createdAt": "2026-01-01T10:00:00.000Z",',
        '    "metadata": {',
        '      "ticket": "A-1"',
        '    }',
        '  }',
        '}',
      ),
    );
    expect(calls).toEqual([['register', args]]);
  });

  it('refuses a key that is taken, showing the session that has it', async () => {
    const { isError, body, text } = await answerOf(
      { register: () => ({ kind: 'session_exists', session: { ...session, status: 'completed' } }) },
      'register_session',
      args,
    );
    expect(isError).toBe(true);
    expect(Object.keys(body)).toEqual(['success', 'error', 'sessionKey', 'existingSession', 'hint']);
    expect(body).toEqual({
      success: false,
      error: 'Session already exists',
      sessionKey: 'checkout-42',
      existingSession: {
        id: '5f0c1b1e-0000-4000-8000-000000000001',
        status: 'completed',
        agentFrom: 'planner',
        createdAt: '2026-01-01T10:00:00.000Z',
      },
      hint: 'Choose another key, or continue with the existing session.',
    });
    expect(text).toMatch(/^\{\n {2}"success": false,\n/);
  });

  it('takes no metadata for an empty object, and ignores properties it does not know', async () => {
    const { isError, calls } = await answerOf({ register: () => ({ kind: 'registered', session }) }, 'register_session', {
      sessionKey: 'k',
      agentFrom: 'a',
      agentTo: 'nobody',
      extra: { x: 1 },
    });
    expect(isError).toBe(false);
    expect(calls).toEqual([['register', { sessionKey: 'k', agentFrom: 'a', metadata: {} }]]);
  });
});

describe('update_context', () => {
  const args = { sessionKey: 'checkout-42', contextType: 'message', content: 'héllo 😀' };
  const appended = {
    kind: 'appended',
    entry: { id: '5f0c1b1e-0000-4000-8000-0000000000e3', sequenceNumber: 3, createdAt: new Date('2026-01-01T10:00:01.000Z') },
    session: { id: session.id, sessionKey: 'checkout-42', status: 'active' },
  } as const;

  it('answers with the entry, its length in UTF-16 units, and the session', async () => {
    const { isError, body, calls } = await answerOf({ append: () => appended }, 'update_context', args);
    expect(isError).toBe(false);
    expect(Object.keys(body)).toEqual(['success', 'message', 'contextEntry', 'session']);
    expect(Object.keys(body['contextEntry'] as object)).toEqual(['id', 'sequenceNumber', 'contextType', 'contentLength', 'createdAt']);
    expect(body).toEqual({
      success: true,
      message: 'Context updated successfully',
      contextEntry: {
        id: '5f0c1b1e-0000-4000-8000-0000000000e3',
        sequenceNumber: 3,
        contextType: 'message',
        contentLength: 8,
        createdAt: '2026-01-01T10:00:01.000Z',
      },
      session: { id: '5f0c1b1e-0000-4000-8000-000000000001', sessionKey: 'checkout-42', status: 'active' },
    });
    expect(calls).toEqual([['append', { ...args, metadata: {} }]]);
  });

  it('takes the agent that writes, and shows it with the entry', async () => {
    const { body, calls } = await answerOf({ append: () => appended }, 'update_context', { ...args, agent: 'builder' });
    expect(body).toMatchObject({ contextEntry: { agent: 'builder' } });
    expect(calls).toEqual([['append', { ...args, agent: 'builder', metadata: {} }]]);
  });

  it.each(['', ' ', '.', 'x'.repeat(101), 'a\0', 7])('refuses agent %j', async (agent) => {
    const { body, calls } = await answerOf({}, 'update_context', { ...args, agent });
    expect(body).toMatchObject({
      error: 'Invalid input',
      problems: [
        {
          path: 'agent',
          allowed:
            'Name of the agent that writes the entry: 1 to 100 characters, not blank, not . or .., without NUL; shown with the entry',
        },
      ],
    });
    expect(calls).toEqual([]);
  });

  it.each(['message', 'file', 'tool_call', 'system'])('takes entries of type %s', async (contextType) => {
    const { body, calls } = await answerOf({ append: () => appended }, 'update_context', { ...args, contextType });
    expect(body).toMatchObject({ success: true, contextEntry: { contextType } });
    expect(calls).toMatchObject([['append', { contextType }]]);
  });
});

describe('request_handoff', () => {
  const args = { sessionKey: 'k/1', targetAgent: 'build er', requestType: 'full_handoff', requestData: { why: 'night' } };
  const handedOff = {
    kind: 'handed_off',
    session,
    summary,
    contextEntries: 2,
    cacheKey: 'handoff:build er:k/1',
    status: 'completed',
    handoffId: '5f0c1b1e-0000-4000-8000-00000000000a',
    requestingAgent: 'planner',
  } as const;

  it('answers with the handoff and what to do next', async () => {
    const { isError, body, calls } = await answerOf({ handOff: () => handedOff }, 'request_handoff', args);
    expect(isError).toBe(false);
    expect(Object.keys(body)).toEqual(['success', 'message', 'handoff', 'instructions']);
    expect(Object.keys(body['handoff'] as object)).toEqual([
      'sessionKey',
      'sourceAgent',
      'targetAgent',
      'requestType',
      'contextSummary',
      'contextEntries',
      'cacheKey',
      'status',
      'handoffId',
    ]);
    expect(body).toEqual({
      success: true,
      message: 'Handoff request processed successfully',
      handoff: {
        sessionKey: 'k/1',
        sourceAgent: 'planner',
        targetAgent: 'build er',
        requestType: 'full_handoff',
        contextSummary:
          "Session 'checkout-42' initiated by planner. Total of 2 context entries. Current status: active. Context includes: 2 messages.",
        contextEntries: 2,
        cacheKey: 'handoff:build er:k/1',
        status: 'completed',
        handoffId: '5f0c1b1e-0000-4000-8000-00000000000a',
      },
      instructions: {
        message: 'Context for build er is ready.',
        nextSteps: [
          'build er reads the whole context from handoff://context/k%2F1, or with get_context',
          'build er reads the summary from handoff://summary/k%2F1, or with get_summary',
          'build er finds its sessions in handoff://agents/build%20er/sessions, or with list_sessions',
          'Session k/1 is completed and can only be read: build er takes it over with accept_handoff, or continues in its own session, opened with register_session',
        ],
      },
    });
    expect(calls).toEqual([['handOff', args]]);
  });

  it.each([
    [
      'full_handoff',
      'Session k/1 is completed and can only be read: build er takes it over with accept_handoff, or continues in its own session, opened with register_session',
    ],
    ['context_transfer', 'build er continues with update_context on session k/1, which stays active'],
    ['collaboration', 'Both agents continue with update_context on session k/1, which stays active'],
  ])('says what can be done after a %s', async (requestType, lastStep) => {
    const { body } = await answerOf({ handOff: () => handedOff }, 'request_handoff', { ...args, requestType });
    const { nextSteps } = body['instructions'] as { nextSteps: string[] };
    expect(nextSteps).toHaveLength(4);
    expect(nextSteps.at(-1)).toBe(lastStep);
  });

  it('is a context transfer when no type is given', async () => {
    const { body, calls } = await answerOf({ handOff: () => ({ ...handedOff, status: 'active' }) }, 'request_handoff', {
      sessionKey: 'k',
      targetAgent: 'b',
    });
    expect(body).toMatchObject({ handoff: { requestType: 'context_transfer', status: 'active' } });
    expect(calls).toEqual([['handOff', { sessionKey: 'k', targetAgent: 'b', requestType: 'context_transfer', requestData: {} }]]);
  });
});
