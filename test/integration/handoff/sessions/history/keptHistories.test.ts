import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHandoffServices } from '../../../../../src/handoff/services.js';
import { handoffFixture, OpenCache } from '../../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../../setup/handoffFixture.js';

/** What a handoff tells must be what is stored, whether or not the server has handed the session over before. */

const MAX_PACKAGE_BYTES = 100_000;
const READ = 'handoff_read_handoff_state';
const WRITE = 'handoff_write_handoff';

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture({ maxPackageBytes: MAX_PACKAGE_BYTES });
});
afterAll(() => fixture.dispose());

const append = async (sessionKey: string, content: string, metadata: Record<string, unknown> = {}, agent?: string): Promise<void> => {
  const { kind } = await fixture.sessions.append({ sessionKey, contextType: 'message', content, metadata, agent });
  expect(kind).toBe('appended');
};

/** A session whose history is large enough to be kept. */
async function longSession(sessionKey: string): Promise<void> {
  await fixture.sessions.register({ sessionKey, agentFrom: 'planner', metadata: {} });
  for (let index = 0; index < 20; index += 1)
    await append(sessionKey, `entry ${index} with "quotes", \u0001 and 😀 ${'x'.repeat(300)}`, { toolName: 'grep', agent: 'planner' });
}

async function handOff(sessionKey: string, sessions = fixture.sessions): Promise<string[]> {
  fixture.sent.length = 0;
  const { kind } = await sessions.handOff({ sessionKey, targetAgent: 'builder', requestType: 'collaboration', requestData: {} });
  expect(kind).toBe('handed_off');
  return [...fixture.sent];
}

function packaged(sessionKey: string): {
  handoffSummary: string;
  fullContext: { contextHistory: { content: string }[]; summary: unknown };
} {
  return JSON.parse(fixture.cache.entries.get(`handoff:builder:${sessionKey}`)?.value ?? 'null') as ReturnType<typeof packaged>;
}

/** What a server that has never seen the session packs. The handoff that it makes for this is taken back. */
async function packedAfresh(sessionKey: string): Promise<ReturnType<typeof packaged>> {
  const cache = new OpenCache();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const { sessions } = createHandoffServices({ database: fixture.database, cache, log, maxPackageBytes: MAX_PACKAGE_BYTES });
  await handOff(sessionKey, sessions);
  await fixture.sql(
    `WITH s AS (SELECT id, last_sequence_number AS last FROM sessions WHERE session_key = $1), entry AS (
       DELETE FROM context_history h USING s WHERE h.session_id = s.id AND h.sequence_number = s.last)
     UPDATE sessions SET last_sequence_number = s.last - 1 FROM s WHERE sessions.id = s.id`,
    [sessionKey],
  );
  return JSON.parse(cache.entries.get(`handoff:builder:${sessionKey}`)?.value ?? 'null') as ReturnType<typeof packaged>;
}

/** Hands over as a server does that has never seen the session, and as ours does: both must tell the same. */
async function expectSamePackage(sessionKey: string, statements: readonly string[]): Promise<void> {
  const afresh = await packedAfresh(sessionKey);
  expect(await handOff(sessionKey)).toEqual(statements);
  const { fullContext, handoffSummary } = packaged(sessionKey);
  expect(fullContext.contextHistory).toEqual(afresh.fullContext.contextHistory);
  expect(fullContext.summary).toEqual(afresh.fullContext.summary);
  expect(handoffSummary).toBe(afresh.handoffSummary);
}

it('a second handoff packs the history as it would be read in full', async () => {
  await longSession('again');
  await handOff('again');
  await append('again', 'after the first', { toolName: 'grep' });
  await fixture.sql(
    `INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata, processing_time_ms, content_size_bytes)
     SELECT id, last_sequence_number + 1, 'file', 'by an earlier server', '{}', 1.5, NULL FROM sessions WHERE session_key = 'again'`,
  );
  await expectSamePackage('again', [READ, WRITE]);
  await expectSamePackage('again', [READ, WRITE]);
  expect(packaged('again').fullContext.contextHistory).toHaveLength(25);
});

it('a name that is new makes it read in full, once', async () => {
  await longSession('names');
  await handOff('names');
  await append('names', 'by another', { toolName: 'awk' }, 'reviewer');
  await expectSamePackage('names', [READ, READ, WRITE]);
  await append('names', 'by the same', { toolName: 'awk' }, 'reviewer');
  await expectSamePackage('names', [READ, WRITE]);
});

it.each([
  ['changed', "UPDATE context_history SET content = 'redacted' WHERE sequence_number = 7 AND session_id = $1"],
  ['taken away', 'DELETE FROM context_history WHERE sequence_number = 7 AND session_id = $1'],
  [
    'replaced',
    `WITH gone AS (DELETE FROM context_history WHERE sequence_number = 7 AND session_id = $1 RETURNING id, session_id)
     INSERT INTO context_history (id, session_id, sequence_number, context_type, content) SELECT id, session_id, 0, 'message', 'other' FROM gone`,
  ],
])('an entry that is %s afterwards is told as it is', async (what, text) => {
  const key = `entry-${what}`;
  await longSession(key);
  await handOff(key);
  const [row] = await fixture.sql<{ id: string }>('SELECT id FROM sessions WHERE session_key = $1', [key]);
  await fixture.sql(text, [row?.id]);
  await expectSamePackage(key, [READ, READ, WRITE]);
  expect(JSON.stringify(packaged(key))).not.toContain('entry 5 with');
});

it('a session that is registered again after its erasure has nothing of the one before', async () => {
  await longSession('erased');
  await handOff('erased');
  expect(await fixture.retention.erase({ sessionKey: 'erased' }, 'operator')).toMatchObject({ kind: 'erased' });
  await fixture.sessions.register({ sessionKey: 'erased', agentFrom: 'planner', metadata: {} });
  expect(await handOff('erased')).toEqual([READ, WRITE]);
  expect(packaged('erased').fullContext.contextHistory.map(({ content }) => content)).toEqual(['Session registered by agent: planner']);
});

it('a history that has grown too large is left out, and packed again when it is small enough', async () => {
  await longSession('grown');
  await handOff('grown');
  await append('grown', 'y'.repeat(MAX_PACKAGE_BYTES));
  await expectSamePackage('grown', [READ, READ, WRITE]);
  expect(packaged('grown').fullContext.contextHistory).toEqual([]);
  await fixture.sql("UPDATE context_history SET content = 'short', content_size_bytes = 5 WHERE content LIKE 'yyy%'");
  await expectSamePackage('grown', [READ, WRITE]);
  expect(packaged('grown').fullContext.contextHistory).toHaveLength(24);
});

it('an entry that others add between reading and writing is in the package', async () => {
  await longSession('rival');
  await handOff('rival');
  let isFirst = true;
  fixture.before.set(WRITE, async () => {
    if (!isFirst) return;
    isFirst = false;
    await append('rival', 'in between');
  });
  await handOff('rival');
  fixture.before.delete(WRITE);
  expect(packaged('rival').fullContext.contextHistory.at(-1)).toMatchObject({ content: 'in between' });
});
