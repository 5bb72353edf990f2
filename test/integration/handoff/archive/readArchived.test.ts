import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Sessions } from '../../../../src/handoff/sessions/sessions.js';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import { archiveFixture } from './archiveFixture.js';
import type { ArchiveFixture } from './archiveFixture.js';
import { awkwardSession, storeAwkward } from './awkwardRows.js';

let fixture: ArchiveFixture;
beforeAll(async () => {
  fixture = await archiveFixture();
});
afterAll(() => fixture.dispose());

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Without any entry a session is shown as last updated when it was archived. */
const FIRST_ENTRY = { content: 'x', metadata: '{}', ms: null, agent: null };

/** JSON has no numbers for these. */
const UNUSUAL_TIMES = [NaN, Infinity, -Infinity].map((ms) => ({ ...FIRST_ENTRY, ms }));

/** Everything that can be read of a session's history, in pages of several sizes. */
async function everything(sessions: Sessions, key: string): Promise<unknown[]> {
  const answers: unknown[] = [await sessions.summary(key)];
  for (const limit of [1, 3, 1000]) {
    let after = 0;
    for (;;) {
      const page = await sessions.context({ sessionKey: key, afterSequenceNumber: after, limit });
      answers.push([page?.contextHistory, page?.summary, page?.nextAfterSequenceNumber]);
      if (page?.nextAfterSequenceNumber === undefined) break;
      after = page.nextAfterSequenceNumber;
    }
  }
  for (const contextType of ['message', 'file'] as const) {
    const page = await sessions.context({ sessionKey: key, afterSequenceNumber: 1, limit: 2, contextType });
    answers.push([page?.contextHistory, page?.nextAfterSequenceNumber]);
  }
  for (const sequenceNumber of [1, 2, 4]) {
    for (const part of ['content', 'metadata'] as const)
      answers.push(await sessions.part({ sessionKey: key, part, sequenceNumber, offset: 1 }));
  }
  answers.push(await sessions.part({ sessionKey: key, part: 'session_metadata', offset: 0 }));
  return answers;
}

it('answers the same from the archive as from the database, whatever is in a session and wherever its pages end', async () => {
  let number = 0;
  // Pages of a few bytes end in the middle of what these sessions hold.
  const small = createHandoffServices({
    database: fixture.database,
    cache: fixture.cache,
    log: quiet,
    archive: fixture.store,
    maxPageBytes: 64,
  });
  await fc.assert(
    fc.asyncProperty(awkwardSession, async (session) => {
      number += 1;
      const key = `k${number}/ü :%?`;
      const id = await storeAwkward(fixture, key, {
        ...session,
        // Dates that JavaScript cannot show are the same problem in both places.
        entries: [...session.entries, FIRST_ENTRY, ...UNUSUAL_TIMES].map((entry) => ({
          ...entry,
          time: "'2026-01-01 00:00:00.123456+00'",
        })),
      });
      const hot = [await everything(fixture.sessions, key), await everything(small.sessions, key)];
      expect(await fixture.archive.archive(id)).toMatchObject({ kind: 'archived' });
      expect([await everything(fixture.sessions, key), await everything(small.sessions, key)]).toEqual(hot);
    }),
    { numRuns: 8 },
  );
});

it('shows an archived session by tools and resources, and refuses to write to it', async () => {
  await fixture.endedSession('shown').then((id) => fixture.archive.archive(id));
  const client = await fixture.connect();
  const call = async (name: string, args: Record<string, unknown>): Promise<{ readonly isError: boolean; readonly body: unknown }> => {
    const { isError, content } = (await client.callTool({ name, arguments: args })) as { isError?: boolean; content: { text: string }[] };
    return { isError: isError === true, body: JSON.parse(content[0]?.text ?? '') };
  };
  const { body } = await call('get_context', { sessionKey: 'shown' });
  expect(body).toMatchObject({
    session: { sessionKey: 'shown', status: 'completed', archivedAt: expect.any(String) as string },
    contextHistory: [{ sequenceNumber: 1 }, { sequenceNumber: 2, content: 'first of shown' }, { sequenceNumber: 3 }],
    summary: { messageCount: 1, participants: ['planner', 'coder', 'user:u'] },
  });
  const read = async (uri: string): Promise<unknown> =>
    JSON.parse(((await client.readResource({ uri })).contents[0] as { text: string }).text);
  expect(await read('handoff://context/shown')).toEqual({ ...(body as object), success: undefined });
  expect(await read('handoff://summary/shown')).toEqual((body as { summary: unknown }).summary);
  expect((await call('list_sessions', { agent: 'planner' })).body).toMatchObject({
    sessions: expect.arrayContaining([expect.objectContaining({ sessionKey: 'shown' })]) as unknown,
  });
  expect(await call('update_context', { sessionKey: 'shown', contextType: 'message', content: 'x' })).toEqual({
    isError: true,
    body: expect.objectContaining({
      success: false,
      error: 'Session is not active',
      sessionKey: 'shown',
      currentStatus: 'archived',
    }) as unknown,
  });
});

it('fetches an object once for all pages of a session', async () => {
  await fixture.endedSession('paged').then((id) => fixture.archive.archive(id));
  let fetched = 0;
  fixture.store.before = (operation) => void (fetched += operation === 'get' ? 1 : 0);
  for (const after of [0, 1, 2]) await fixture.sessions.context({ sessionKey: 'paged', afterSequenceNumber: after, limit: 1 });
  await fixture.sessions.summary('paged');
  fixture.store.before = () => undefined;
  expect(fetched).toBe(1);
});

it('says with a code what is wrong when the object is missing; the summary and other sessions are answered', async () => {
  const id = await fixture.endedSession('lost');
  await fixture.archive.archive(id);
  const [row] = await fixture.sql<{ object_key: string }>('SELECT object_key FROM session_archives WHERE session_id = $1', [id]);
  rmSync(join(fixture.folder, row?.object_key ?? ''));
  const client = await fixture.connect();
  const answer = (await client.callTool({ name: 'get_context', arguments: { sessionKey: 'lost' } })) as { content: { text: string }[] };
  const body = JSON.parse(answer.content[0]?.text ?? '') as Record<string, unknown>;
  expect(body).toMatchObject({ success: false, code: 'HANDOFF_ARCHIVE_MISSING' });
  expect(String(body['details'])).not.toContain(fixture.folder);
  expect(await fixture.sessions.summary('lost')).toMatchObject({ messageCount: 1 });
  expect(await fixture.sessions.context({ sessionKey: 'shown', afterSequenceNumber: 0, limit: 9 })).toMatchObject({
    session: { sessionKey: 'shown' },
  });
});

it('names the place of an object that another store has', async () => {
  const id = await fixture.endedSession('elsewhere');
  await fixture.archive.archive(id);
  const without = createHandoffServices({ database: fixture.database, cache: fixture.cache, log: quiet });
  await expect(without.sessions.context({ sessionKey: 'elsewhere', afterSequenceNumber: 0, limit: 9 })).rejects.toMatchObject({
    code: 'HANDOFF_ARCHIVE_ELSEWHERE',
    data: { location: fixture.folder, used: 'none' },
  });
});

it('finds the entries of a session that is archived between the two statements of a read', async () => {
  const id = await fixture.endedSession('raced');
  fixture.before.set('handoff_list_entries', async () => {
    fixture.before.delete('handoff_list_entries');
    await fixture.archive.archive(id);
  });
  const context = await fixture.sessions.context({ sessionKey: 'raced', afterSequenceNumber: 0, limit: 9 });
  expect(context?.contextHistory.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 2, 3]);
});

it('reads sessions that an earlier server archived from the database', async () => {
  const id = await fixture.endedSession('earlier');
  await fixture.sql('UPDATE sessions SET archived_at = now() WHERE id = $1', [id]);
  const context = await fixture.sessions.context({ sessionKey: 'earlier', afterSequenceNumber: 0, limit: 9 });
  expect(context?.contextHistory).toHaveLength(3);
});
