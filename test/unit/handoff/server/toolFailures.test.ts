import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '@modelcontextprotocol/client';
import { ConcurrentChangeError } from '../../../../src/errors/concurrentChangeError.js';
import { FakeSessions, call, connectTo } from './fakeSessions.js';
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

describe.each([
  ['update_context', 'append', { sessionKey: 'k', contextType: 'file', content: 'x' }],
  ['request_handoff', 'handOff', { sessionKey: 'k', targetAgent: 'b' }],
] as const)('%s', (tool, method, args) => {
  it('on an unknown session says how to make or find one', async () => {
    const { isError, body } = await answerOf({ [method]: () => ({ kind: 'session_not_found' }) }, tool, args);
    expect(isError).toBe(true);
    expect(Object.keys(body)).toEqual(['success', 'error', 'sessionKey', 'hint']);
    expect(body).toEqual({
      success: false,
      error: 'Session not found',
      sessionKey: 'k',
      hint: 'Register it with register_session, or look it up with list_sessions or in handoff://sessions.',
    });
  });

  it.each(['completed', 'expired', 'cancelled', 'archived'])('on a session that is %s says so', async (status) => {
    const { isError, body } = await answerOf({ [method]: () => ({ kind: 'session_not_active', status }) }, tool, args);
    expect(isError).toBe(true);
    expect(Object.keys(body)).toEqual(['success', 'error', 'sessionKey', 'currentStatus', 'hint']);
    expect(body).toMatchObject({ success: false, error: 'Session is not active', sessionKey: 'k', currentStatus: status });
  });
});

describe.each([
  ['register_session', 'register', 'Failed to session_creation', { sessionKey: 'k', agentFrom: 'a' }],
  ['update_context', 'append', 'Failed to update context', { sessionKey: 'k', contextType: 'file', content: 'x' }],
  ['request_handoff', 'handOff', 'Failed to process handoff request', { sessionKey: 'k', targetAgent: 'b' }],
] as const)('%s that fails inside', (tool, method, error, args) => {
  const thrower = (thrown: unknown) => ({
    [method]: () => {
      throw thrown;
    },
  });
  const coded = (code: string): Error => Object.assign(new Error('secret connect db.internal:5432 password=hunter2'), { code });

  it.each([
    [
      'an error',
      new Error('secret db.internal'),
      'HANDOFF_INTERNAL',
      "The server failed with an internal error. Its operator can find the cause in the server's log under this trace.",
    ],
    [
      'no error at all',
      'secret text',
      'HANDOFF_INTERNAL',
      "The server failed with an internal error. Its operator can find the cause in the server's log under this trace.",
    ],
    [
      'a refused connection',
      coded('ECONNREFUSED'),
      'HANDOFF_DATABASE_UNAVAILABLE',
      'The service cannot reach its database at the moment. Try again in a few seconds.',
    ],
    [
      "an administrator's shutdown",
      coded('57P01'),
      'HANDOFF_DATABASE_UNAVAILABLE',
      'The service cannot reach its database at the moment. Try again in a few seconds.',
    ],
    [
      'a statement time-out',
      coded('57014'),
      'HANDOFF_DATABASE_TIMEOUT',
      'The database took too long and the call was cancelled; nothing was changed. Try again.',
    ],
    [
      'a refused statement',
      coded('42P01'),
      'HANDOFF_INTERNAL',
      "The server failed with an internal error. Its operator can find the cause in the server's log under this trace.",
    ],
    [
      'rivals',
      new ConcurrentChangeError('request_handoff', 5),
      'HANDOFF_CONCURRENT_CHANGE',
      'request_handoff: the session was changed by others during each of 5 tries and nothing was written. Try again.',
    ],
  ])('through %s tells a code and a safe sentence, never the cause', async (_what, thrown, code, details) => {
    const { isError, body, text } = await answerOf(thrower(thrown), tool, args);
    expect(isError).toBe(true);
    expect(Object.keys(body)).toEqual(['success', 'error', 'code', 'details']);
    expect(body).toEqual({ success: false, error, code, details });
    expect(text).not.toMatch(/secret|hunter2|db\.internal/);
  });
});

it('an unknown tool is a protocol error -32602 naming it', async () => {
  client = await connectTo(new FakeSessions());
  for (const name of ['analyze', '__proto__', 'constructor']) {
    await expect(client.callTool({ name, arguments: {} })).rejects.toMatchObject({ code: -32602, message: expect.stringContaining(name) });
  }
});
