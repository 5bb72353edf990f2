import type { Client } from '@modelcontextprotocol/client';
import { afterEach, expect, it } from 'vitest';
import { FakeSessions, connectTo, read } from './fakeSessions.js';

let client: Client | undefined;
afterEach(() => client?.close());

it.each(['handoff://sessions?agent=', 'handoff://context/', 'handoff://summary/', 'handoff://agents/', 'other://'])(
  '%s followed by more than any address needs is refused in few words',
  async (begin) => {
    const fake = new FakeSessions();
    client = await connectTo(fake);
    const uri = begin + 'x'.repeat(20_000);
    await expect(read(client, uri)).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining(`it has ${uri.length} characters, but at most 8192 are allowed`),
    });
    expect(fake.calls).toEqual([]);
  },
);

it('names ten problems of an address and says how many more there are', async () => {
  client = await connectTo(new FakeSessions());
  const query = Array.from({ length: 25 }, (_, n) => `p${n}=1`).join('&');
  const refused = await read(client, `handoff://sessions?limit=x&${query}`).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: -32602, data: { problems: { length: 10, 0: { path: 'limit' } }, moreProblems: 16 } });
  expect((refused as Error).message).toContain('and 16 more');
});
