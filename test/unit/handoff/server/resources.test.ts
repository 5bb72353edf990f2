import { ResourceNotFoundError } from '@modelcontextprotocol/client';
import type { Client } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, it } from 'vitest';
import { InvalidCursorError } from '../../../../src/errors/invalidCursorError.js';
import { session } from '../sessions/samples.js';
import { FakeSessions, connectTo, read, summary } from './fakeSessions.js';

const wireSession = {
  id: '5f0c1b1e-0000-4000-8000-000000000001',
  sessionKey: 'checkout-42',
  agentFrom: 'planner',
  agentTo: null,
  status: 'active',
  createdAt: '2026-01-01T10:00:00.000Z',
  updatedAt: '2026-01-01T10:00:05.000Z',
  expiresAt: '2026-01-02T10:00:00.000Z',
  metadata: { ticket: 'A-1' },
  lastActivityAt: '2026-01-01T10:00:05.000Z',
  isDormant: false,
  archivedAt: null,
  retentionPolicy: 'standard',
};
const wireSummary = {
  sessionKey: 'checkout-42',
  summary: "Session 'checkout-42' initiated by planner. Total of 2 context entries. Current status: active. Context includes: 2 messages.",
  keyPoints: ['2 messages exchanged', 'First message: a...', 'Last message: b...'],
  messageCount: 2,
  fileCount: 0,
  toolCallCount: 0,
  lastUpdated: '2026-01-01T10:00:05.000Z',
  participants: ['planner'],
};
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
};

let client: Client | undefined;
afterEach(() => client?.close());

async function connected(answers: ConstructorParameters<typeof FakeSessions>[0] = {}): Promise<FakeSessions> {
  const fake = new FakeSessions(answers);
  client = await connectTo(fake);
  return fake;
}

async function readFrom(answers: ConstructorParameters<typeof FakeSessions>[0], uri: string): ReturnType<typeof read> {
  await connected(answers);
  return read(client, uri);
}

describe('handoff://sessions', () => {
  it('is a page of sessions with the cursor of the next', async () => {
    const fake = await connected({ list: () => ({ items: [session], cursors: ['c'], nextCursor: 'abc' }) });
    const { body, content } = await read(client, 'handoff://sessions');
    expect(body).toEqual({ sessions: [wireSession], nextCursor: 'abc' });
    expect(Object.keys((body as { sessions: object[] }).sessions[0] ?? {})).toEqual(Object.keys(wireSession));
    expect(content).toMatchObject({ uri: 'handoff://sessions', mimeType: 'application/json' });
    expect(fake.calls).toEqual([['list', { limit: 100 }]]);
  });

  it('has no cursor on the last page', async () => {
    const { body } = await readFrom({ list: () => ({ items: [], cursors: [] }) }, 'handoff://sessions');
    expect(body).toEqual({ sessions: [] });
  });

  it.each([
    ['status=completed', { status: 'completed', limit: 100 }],
    ['limit=5&agent=a%20b%2Fc&status=active', { status: 'active', agent: 'a b/c', limit: 5 }],
    ['cursor=xyz&dormant=true&limit=1000', { dormant: true, cursor: 'xyz', limit: 1000 }],
    ['dormant=false', { dormant: false, limit: 100 }],
    ['agent=a+b', { agent: 'a b', limit: 100 }],
    ['agent=caf%C3%A9', { agent: 'café', limit: 100 }],
    ['', { limit: 100 }],
  ])('?%s asks for %j', async (query, expected) => {
    const fake = await connected({ list: () => ({ items: [], cursors: [] }) });
    await read(client, `handoff://sessions?${query}`);
    expect(fake.calls).toEqual([['list', expected]]);
  });

  it.each([
    ['stauts=active', 'stauts is not a parameter of this resource (allowed: status, dormant, limit, cursor, agent)'],
    ['status=archived', 'status cannot be used (allowed: one of active, completed, expired, cancelled)'],
    ['dormant=yes', 'dormant cannot be used (allowed: true or false)'],
    ['limit=0', 'limit cannot be used (allowed: a whole number from 1 to 1000)'],
    ['limit=1001', 'limit cannot be used (allowed: a whole number from 1 to 1000)'],
    ['limit=ten', 'limit cannot be used (allowed: a whole number from 1 to 1000)'],
    ['limit=1e2', 'limit cannot be used (allowed: a whole number from 1 to 1000)'],
    ['limit=', 'limit cannot be used (allowed: a whole number from 1 to 1000)'],
    ['agent=', 'agent cannot be used (allowed: Agent: 1 to 100 characters, not blank, not . or .., without NUL)'],
    ['agent=a%00', 'agent cannot be used (allowed: Agent: 1 to 100 characters, not blank, not . or .., without NUL)'],
    [`cursor=${'x'.repeat(513)}`, 'cursor cannot be used (allowed: the nextCursor of the previous page)'],
    ['__proto__=x', '__proto__ is not a parameter of this resource (allowed: status, dormant, limit, cursor, agent)'],
  ])('?%s is refused: %s', async (query, message) => {
    const fake = await connected();
    await expect(read(client, `handoff://sessions?${query}`)).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining(`Invalid resource parameters: ${message}`),
    });
    expect(fake.calls).toEqual([]);
  });

  it('names every problem at once, also as data', async () => {
    await connected();
    await expect(read(client, 'handoff://sessions?limit=0&x=1')).rejects.toMatchObject({
      data: {
        problems: [
          { path: 'limit', problem: 'cannot be used' },
          { path: 'x', problem: 'is not a parameter of this resource' },
        ],
      },
    });
  });

  it('refuses a cursor of someone else', async () => {
    await connected({
      list: () => {
        throw new InvalidCursorError();
      },
    });
    await expect(read(client, 'handoff://sessions?cursor=abc')).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('The cursor was not issued by this server.'),
    });
  });
});

describe('handoff://agents/{agentId}/sessions', () => {
  it('is a bare array, the cursor beside it', async () => {
    const fake = await connected({ list: () => ({ items: [session], cursors: ['c'], nextCursor: 'abc' }) });
    const { body, content } = await read(client, 'handoff://agents/planner/sessions?limit=1');
    expect(body).toEqual([wireSession]);
    expect(content['_meta']).toEqual({ nextCursor: 'abc' });
    expect(fake.calls).toEqual([['list', { agent: 'planner', limit: 1 }]]);
  });

  it.each([
    ['a%2Fb', 'a/b'],
    ['a/b', 'a/b'],
    ['caf%C3%A9%20%F0%9F%98%80', 'café 😀'],
    ['100%25', '100%'],
    ['sessions', 'sessions'],
  ])('finds agent %s as %s', async (encoded, agent) => {
    const fake = await connected({ list: () => ({ items: [], cursors: [] }) });
    const { body, content } = await read(client, `handoff://agents/${encoded}/sessions`);
    expect(body).toEqual([]);
    expect(content).not.toHaveProperty('_meta');
    expect(fake.calls).toEqual([['list', { agent, limit: 100 }]]);
  });

  it.each(['handoff://agents//sessions', 'handoff://agents/sessions', 'handoff://agents/a', 'handoff://agents'])(
    '%s is no resource',
    async (uri) => {
      await connected();
      await expect(read(client, uri)).rejects.toBeInstanceOf(ResourceNotFoundError);
    },
  );
});

describe('handoff://context/{sessionKey}', () => {
  it('is the session, its history and its summary, in this order', async () => {
    const fake = await connected({ context: () => ({ session, contextHistory: [entry], summary, nextAfterSequenceNumber: 1 }) });
    const { body } = await read(client, 'handoff://context/checkout-42');
    expect(Object.keys(body as object)).toEqual(['session', 'contextHistory', 'summary', 'nextAfter']);
    expect(body).toEqual({
      session: wireSession,
      contextHistory: [{ ...entry, createdAt: '2026-01-01T10:00:00.000Z' }],
      summary: wireSummary,
      nextAfter: 1,
    });
    expect(fake.calls).toEqual([['context', { sessionKey: 'checkout-42', afterSequenceNumber: 0, limit: 1000 }]]);
  });

  it('has no nextAfter on the last page', async () => {
    const { body } = await readFrom({ context: () => ({ session, contextHistory: [], summary }) }, 'handoff://context/k');
    expect(body).not.toHaveProperty('nextAfter');
  });

  it.each([
    ['k?after=5&limit=2&type=file', { sessionKey: 'k', afterSequenceNumber: 5, limit: 2, contextType: 'file' }],
    ['k?type=message&after=0', { sessionKey: 'k', afterSequenceNumber: 0, limit: 1000, contextType: 'message' }],
    ['k?after=2147483647', { sessionKey: 'k', afterSequenceNumber: 2147483647, limit: 1000 }],
  ])('%s asks for %j', async (address, expected) => {
    const fake = await connected({ context: () => ({ session, contextHistory: [], summary }) });
    await read(client, `handoff://context/${address}`);
    expect(fake.calls).toEqual([['context', expected]]);
  });

  it.each(['after=-1', 'after=2147483648', 'after=1.5', 'limit=0', 'type=massage', 'after=5;limit=2', 'Limit=2'])(
    '?%s is refused',
    async (query) => {
      const fake = await connected();
      await expect(read(client, `handoff://context/k?${query}`)).rejects.toMatchObject({
        code: -32602,
        message: expect.stringContaining('Invalid resource parameters'),
      });
      expect(fake.calls).toEqual([]);
    },
  );
});

describe('any resource', () => {
  it.each(['handoff://sessions', 'handoff://context/k', 'handoff://summary/k', 'handoff://agents/a/sessions'])(
    '%s that fails inside tells a code, never the cause',
    async (uri) => {
      await connected();
      const failed = read(client, uri);
      await expect(failed).rejects.toMatchObject({ code: -32603, data: { code: 'HANDOFF_INTERNAL' } });
      await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
    },
  );

  it.each(['handoff://jobs', 'handoff://sessionsX', 'handoff://sessions/x', 'other://sessions', 'HANDOFF://sessionz'])(
    '%s is not found',
    async (uri) => {
      await expect(readFrom({}, uri)).rejects.toBeInstanceOf(ResourceNotFoundError);
    },
  );

  it('that is not found is told what there is, and a long address is not repeated whole', async () => {
    const failed = readFrom({}, 'handoff://jobs');
    await expect(failed).rejects.toMatchObject({
      code: -32602,
      data: { uri: 'handoff://jobs' },
      message: expect.stringMatching(
        /Resource not found: handoff:\/\/jobs\. Available: handoff:\/\/sessions\{.+, handoff:\/\/context\/\{sessionKey\}.+, handoff:\/\/summary\/\{sessionKey\}, handoff:\/\/lifecycle\/\{sessionKey\}.+, handoff:\/\/handoffs\/\{agentId\}.+, handoff:\/\/agents\/\{agentId\}\/sessions\{.+\}\.$/,
      ),
    });
    await client?.close();
    const long = await readFrom({}, `handoff://${'x'.repeat(5000)}`).catch((thrown: unknown) => thrown);
    expect((long as Error).message.length).toBeLessThan(700);
  });

  it('that is no URI is a clear error', async () => {
    await expect(readFrom({}, 'not a uri')).rejects.toMatchObject({ code: -32602, message: expect.stringContaining('not a uri') });
  });
});
