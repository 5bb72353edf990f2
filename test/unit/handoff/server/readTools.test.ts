import type { Client } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, it } from 'vitest';
import { InvalidCursorError } from '../../../../src/errors/invalidCursorError.js';
import { session } from '../sessions/samples.js';
import { FakeSessions, call, connectTo, read, summary } from './fakeSessions.js';
import type { ToolAnswer } from './fakeSessions.js';

/** The tools for agents that see no resources: the same answers, and the same questions to the services. */

type Answers = ConstructorParameters<typeof FakeSessions>[0];

const entry = {
  id: '5f0c1b1e-0000-4000-8000-0000000000e1',
  sessionId: session.id,
  sequenceNumber: 1,
  contextType: 'message',
  content: 'hello',
  metadata: {},
  createdAt: new Date('2026-01-01T10:00:00.000Z'),
  processingTimeMs: null,
  contentSizeBytes: 5,
  agent: 'builder',
};

let client: Client | undefined;
afterEach(() => client?.close());

async function called(
  answers: Answers,
  tool: string,
  args: Record<string, unknown>,
): Promise<ToolAnswer & { readonly calls: FakeSessions['calls'] }> {
  const fake = new FakeSessions(answers);
  client = await connectTo(fake);
  // Having listed the tools, the client checks every structured answer against its output schema.
  await client.listTools();
  return { ...(await call(client, tool, args)), calls: fake.calls };
}

describe.each([
  [
    'list_sessions',
    { status: 'active', agent: 'a b', dormant: false, limit: 5, cursor: 'x' },
    'handoff://sessions?status=active&agent=a%20b&dormant=false&limit=5&cursor=x',
    { list: () => ({ items: [session], cursors: ['c'], nextCursor: 'c' }) },
  ],
  ['list_sessions', {}, 'handoff://sessions', { list: () => ({ items: [], cursors: [] }) }],
  [
    'get_context',
    { sessionKey: 'a/b', after: 5, limit: 2, type: 'file' },
    'handoff://context/a%2Fb?after=5&limit=2&type=file',
    { context: () => ({ session, contextHistory: [entry], summary, nextAfterSequenceNumber: 6 }) },
  ],
  ['get_context', { sessionKey: 'k' }, 'handoff://context/k', { context: () => ({ session, contextHistory: [], summary }) }],
  [
    'get_context',
    { sessionKey: 'k', part: 'content', entry: 3, offset: 2 },
    'handoff://context/k?part=content&entry=3&offset=2',
    { part: () => ({ kind: 'read', text: 'llo', totalCharacters: 9 }) },
  ],
  [
    'get_context',
    { sessionKey: 'k', part: 'session_metadata' },
    'handoff://context/k?part=session_metadata',
    { part: () => ({ kind: 'read', text: '{}', totalCharacters: 2 }) },
  ],
  ['get_summary', { sessionKey: 'k' }, 'handoff://summary/k', { summary: () => summary }],
] as readonly (readonly [string, Record<string, unknown>, string, Answers])[])('%s %j', (tool, args, uri, answers) => {
  it(`answers as ${uri} does, as text and as a structured value`, async () => {
    const asTool = await called(answers, tool, args);
    expect(asTool.isError).toBe(false);
    const { success, ...body } = asTool.body;
    expect(success).toBe(true);
    const structured = await client?.callTool({ name: tool, arguments: args });
    expect(structured?.structuredContent).toEqual(asTool.body);
    await client?.close();

    const fake = new FakeSessions(answers);
    client = await connectTo(fake);
    expect((await read(client, uri)).body).toEqual(body);
    expect(fake.calls).toEqual([asTool.calls[0]]);
  });
});

describe('a range', () => {
  const part = () => ({ kind: 'read', text: 'llo', totalCharacters: 9 }) as const;

  it('says where the next begins, until the last', async () => {
    expect((await called({ part }, 'get_context', { sessionKey: 'k', part: 'content', entry: 3, offset: 2 })).body).toEqual({
      success: true,
      sessionKey: 'k',
      part: 'content',
      entry: 3,
      offset: 2,
      text: 'llo',
      totalCharacters: 9,
      nextOffset: 5,
    });
    expect((await called({ part }, 'get_context', { sessionKey: 'k', part: 'content', entry: 3, offset: 6 })).body).not.toHaveProperty(
      'nextOffset',
    );
  });

  it.each([
    [2 ** 53, 'is larger than 9007199254740991'],
    [-(2 ** 53), 'is smaller than -9007199254740991'],
  ])('asked for after %d is refused in the words of other numbers', async (after, problem) => {
    const { body } = await called({}, 'get_context', { sessionKey: 'k', after });
    expect(body).toMatchObject({ problems: [{ path: 'after', problem }] });
  });

  it.each([
    [{ entry: 3 }, 'entry', 'can only be used with part'],
    [{ offset: 3 }, 'offset', 'can only be used with part'],
    [{ part: 'content' }, 'entry', 'is missing'],
    [{ part: 'metadata', entry: 1, after: 0 }, 'after', 'cannot be used with part'],
    [{ part: 'content', entry: 1, type: 'file' }, 'type', 'cannot be used with part'],
    [{ part: 'session_metadata', entry: 1 }, 'entry', 'cannot be used with part session_metadata'],
  ] as readonly (readonly [Record<string, string | number>, string, string])[])(
    'asked for with %j is refused: %s %s',
    async (question, path, problem) => {
      const { body, calls } = await called({}, 'get_context', { sessionKey: 'k', ...question });
      expect(body).toEqual({ success: false, error: 'Invalid input', problems: [{ path, problem, allowed: expect.any(String) }] });
      expect(calls).toEqual([]);
      const query = new URLSearchParams(
        Object.entries(question).map(([name, value]): [string, string] => [name, String(value)]),
      ).toString();
      await expect(read(client, `handoff://context/k?${query}`)).rejects.toMatchObject({
        code: -32602,
        data: { problems: [{ path, problem }] },
      });
    },
  );

  it('of an entry that is not there says so', async () => {
    const answers: Answers = { part: () => ({ kind: 'entry_not_found' }) };
    expect((await called(answers, 'get_context', { sessionKey: 'k', part: 'content', entry: 9 })).body).toEqual({
      success: false,
      error: 'Entry not found',
      sessionKey: 'k',
      entry: 9,
      hint: 'get_context returns the sequenceNumber of each entry.',
    });
    await expect(read(client, 'handoff://context/k?part=content&entry=9')).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('Session k has no entry 9.'),
    });
  });
});

describe('a failure', () => {
  it.each([
    ['get_context', { sessionKey: 'k' }, { context: () => undefined }],
    ['get_context', { sessionKey: 'k', part: 'content', entry: 1 }, { part: () => ({ kind: 'session_not_found' }) }],
    ['get_summary', { sessionKey: 'k' }, { summary: () => undefined }],
  ] as readonly (readonly [string, Record<string, unknown>, Answers])[])(
    'of %s %j on an unknown session says how to find one',
    async (tool, args, answers) => {
      const { isError, body } = await called(answers, tool, args);
      expect(isError).toBe(true);
      expect(body).toEqual({
        success: false,
        error: 'Session not found',
        sessionKey: 'k',
        hint: 'Register it with register_session, or look it up with list_sessions or in handoff://sessions.',
      });
    },
  );

  it('through a foreign cursor names the cursor', async () => {
    const answers: Answers = {
      list: () => {
        throw new InvalidCursorError();
      },
    };
    expect((await called(answers, 'list_sessions', { cursor: 'x' })).body).toEqual({
      success: false,
      error: 'Invalid input',
      problems: [{ path: 'cursor', problem: 'was not issued by this server', allowed: 'nextCursor of the previous page' }],
    });
  });

  it.each([
    ['list_sessions', {}, 'Failed to list sessions'],
    ['get_context', { sessionKey: 'k' }, 'Failed to read context'],
    ['get_summary', { sessionKey: 'k' }, 'Failed to read summary'],
  ])('inside of %s tells a code, never the cause', async (tool, args, error) => {
    const { body, text } = await called({}, tool, args);
    expect(body).toMatchObject({ success: false, error, code: 'HANDOFF_INTERNAL' });
    expect(text).not.toContain('secret');
  });

  it.each([
    ['list_sessions', { limit: 0 }, 'limit', 'is smaller than 1'],
    ['list_sessions', { limit: 1001 }, 'limit', 'is larger than 1000'],
    ['list_sessions', { limit: '5' }, 'limit', 'is not of type number'],
    ['list_sessions', { dormant: 'yes' }, 'dormant', 'is not of type boolean'],
    ['get_context', { sessionKey: 'k', limit: 1.5 }, 'limit', 'is not of type int'],
    ['get_context', { sessionKey: 'k', type: 'note' }, 'type', 'is not one of the allowed values'],
    ['get_summary', {}, 'sessionKey', 'is missing'],
  ])('of %s %j is the input: %s %s', async (tool, args, path, problem) => {
    const { body, calls } = await called({}, tool, args);
    expect(body).toEqual({ success: false, error: 'Invalid input', problems: [{ path, problem, allowed: expect.any(String) }] });
    expect(calls).toEqual([]);
  });
});
