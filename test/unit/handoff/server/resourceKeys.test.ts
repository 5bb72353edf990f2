import { ResourceNotFoundError } from '@modelcontextprotocol/client';
import type { Client } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, it } from 'vitest';
import { session } from '../sessions/samples.js';
import { FakeSessions, connectTo, read, summary } from './fakeSessions.js';

let client: Client | undefined;
afterEach(() => client?.close());

async function connected(answers: ConstructorParameters<typeof FakeSessions>[0] = {}): Promise<FakeSessions> {
  const fake = new FakeSessions(answers);
  client = await connectTo(fake);
  return fake;
}

describe.each([
  ['context', (key: string): readonly unknown[] => ['context', { sessionKey: key, afterSequenceNumber: 0, limit: 1000 }]],
  ['summary', (key: string): readonly unknown[] => ['summary', key]],
] as const)('handoff://%s/{sessionKey}', (resource, asked) => {
  const answers = { context: () => ({ session, contextHistory: [], summary }), summary: () => summary };

  it.each([
    'plain',
    'a/b/c',
    'with space',
    'q?x=1&y',
    '#hash',
    '100%',
    '%',
    '%41',
    '%zz',
    '日本語 😀',
    'a+b',
    "it's",
    '"quoted"',
    'a\\b',
    '{braces}',
    'a:b@c',
    'sessions',
    'x'.repeat(255),
    '...',
    'a/../b',
    './a',
    '%2e%2e',
  ])('reads key %j when it is percent-encoded', async (key) => {
    const fake = await connected(answers);
    await read(client, `handoff://${resource}/${encodeURIComponent(key)}`);
    expect(fake.calls).toEqual([asked(key)]);
  });

  it.each([
    ['a/b', 'a/b'],
    ['100%', '100%'],
    ['é 100%', 'é 100%'],
    ['%zz', '%zz'],
    ['%C3', '%C3'],
    ['日本語', '日本語'],
    ['a+b', 'a+b'],
  ])('reads %j, written without encoding, as key %j', async (written, key) => {
    const fake = await connected(answers);
    await read(client, `handoff://${resource}/${written}`);
    expect(fake.calls).toEqual([asked(key)]);
  });

  it('of an unknown key is a resource-not-found error naming the key', async () => {
    await connected({ context: () => undefined, summary: () => undefined });
    const failed = read(client, `handoff://${resource}/a%2Fb`);
    await expect(failed).rejects.toBeInstanceOf(ResourceNotFoundError);
    await expect(failed).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('Session not found: a/b. Register it with register_session, or look it up in handoff://sessions.'),
      data: { uri: `handoff://${resource}/a%2Fb` },
    });
  });

  it.each([
    ['too long', 'x'.repeat(256)],
    ['blank', '%20'],
    ['with NUL', 'a%00b'],
  ])('of a key that is %s asks nobody', async (_what, written) => {
    const fake = await connected(answers);
    await expect(read(client, `handoff://${resource}/${written}`)).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('sessionKey cannot be used (allowed: Key of the session'),
    });
    expect(fake.calls).toEqual([]);
  });

  it.each(['', '/', '?after=1'])('without a key (%j) is no resource', async (rest) => {
    const fake = await connected(answers);
    await expect(read(client, `handoff://${resource}${rest}`)).rejects.toBeInstanceOf(ResourceNotFoundError);
    expect(fake.calls).toEqual([]);
  });
});
