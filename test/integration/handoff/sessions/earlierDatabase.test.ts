import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** Sessions an earlier server made, with the NULLs it left, go on as if they were ours. */

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture({
    prepare: async (url) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(await readFile(new URL('../storage/earlierSchema.sql', import.meta.url), 'utf8'));
      await client.query("UPDATE sessions SET metadata = NULL WHERE session_key IN ('earlier-1', 'earlier-2')");
      await client.query('UPDATE context_history SET metadata = NULL, content_size_bytes = NULL');
      await client.end();
    },
  });
  // What an earlier server still running may write after the migration.
  await fixture.sql(
    'ALTER TABLE sessions ALTER is_dormant DROP NOT NULL, ALTER last_activity_at DROP NOT NULL, ALTER retention_policy DROP NOT NULL',
  );
  await fixture.sql(
    "UPDATE sessions SET is_dormant = NULL, last_activity_at = NULL, retention_policy = NULL WHERE session_key IN ('earlier-1', 'earlier-2')",
  );
});
afterAll(() => fixture.dispose());

it("they are read with the contract's defaults", async () => {
  const context = await fixture.sessions.context({ sessionKey: 'earlier-1', afterSequenceNumber: 0, limit: 10 });
  expect(context?.session).toMatchObject({
    metadata: {},
    isDormant: false,
    retentionPolicy: 'standard',
    archivedAt: null,
    expiresAt: null,
  });
  expect(context?.session.lastActivityAt).toEqual(context?.session.updatedAt);
  expect(
    context?.contextHistory.map(({ sequenceNumber, metadata, contentSizeBytes }) => [sequenceNumber, metadata, contentSizeBytes]),
  ).toEqual([
    [1, {}, null],
    [2, {}, null],
    [3, {}, null],
  ]);
  expect(context?.summary).toMatchObject({
    messageCount: 3,
    keyPoints: ['3 messages exchanged', 'First message: entry 1...', 'Last message: entry 3...'],
  });
});

it('they are numbered on from what is stored', async () => {
  const outcomes = await Promise.all(
    [1, 2, 3, 4].map((n) =>
      fixture.sessions.append({ sessionKey: 'earlier-1', contextType: 'message', content: `new ${n}`, metadata: {} }),
    ),
  );
  expect(outcomes.flatMap((outcome) => (outcome.kind === 'appended' ? [outcome.entry.sequenceNumber] : [])).sort()).toEqual([4, 5, 6, 7]);
});

it('they are handed over with all they have', async () => {
  const outcome = await fixture.sessions.handOff({
    sessionKey: 'earlier-2',
    targetAgent: 'builder',
    requestType: 'full_handoff',
    requestData: {},
  });
  expect(outcome).toMatchObject({ kind: 'handed_off', contextEntries: 3, status: 'completed' });
  const stored = JSON.parse(fixture.cache.entries.get('handoff:builder:earlier-2')?.value ?? 'null') as {
    fullContext: { contextHistory: { sequenceNumber: number }[] };
  };
  expect(stored.fullContext.contextHistory.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 2, 3]);
  expect(await fixture.sql("SELECT metadata ->> 'targetAgent' AS agent, is_dormant FROM sessions WHERE session_key = 'earlier-2'")).toEqual(
    [{ agent: 'builder', is_dormant: false }],
  );
});

it('they are listed, and one with NULL dormancy counts as awake', async () => {
  expect((await fixture.sessions.list({ limit: 100 })).items.length).toBeGreaterThanOrEqual(20);
  const awake = (await fixture.sessions.list({ limit: 100, dormant: false })).items.map(({ sessionKey }) => sessionKey);
  expect(awake).toContain('earlier-1');
});

describe('one that was archived while its status stayed active', () => {
  beforeAll(() => fixture.sql("UPDATE sessions SET archived_at = now(), is_dormant = true WHERE session_key = 'earlier-5'"));

  it('is read-only, and refusing changes nothing', async () => {
    const before = await fixture.sql(
      "SELECT s.*, (SELECT count(*) FROM context_history h WHERE h.session_id = s.id) FROM sessions s WHERE session_key = 'earlier-5'",
    );
    expect(await fixture.sessions.append({ sessionKey: 'earlier-5', contextType: 'message', content: 'x', metadata: {} })).toEqual({
      kind: 'session_not_active',
      status: 'archived',
    });
    expect(
      await fixture.sessions.handOff({ sessionKey: 'earlier-5', targetAgent: 'b', requestType: 'full_handoff', requestData: {} }),
    ).toEqual({ kind: 'session_not_active', status: 'archived' });
    expect(
      await fixture.sql(
        "SELECT s.*, (SELECT count(*) FROM context_history h WHERE h.session_id = s.id) FROM sessions s WHERE session_key = 'earlier-5'",
      ),
    ).toEqual(before);
  });

  it('is still read, and its key stays taken', async () => {
    expect(await fixture.sessions.context({ sessionKey: 'earlier-5', afterSequenceNumber: 0, limit: 10 })).toMatchObject({
      session: { archivedAt: expect.any(Date) },
    });
    expect(await fixture.sessions.register({ sessionKey: 'earlier-5', agentFrom: 'a', metadata: {} })).toMatchObject({
      kind: 'session_exists',
    });
  });
});
