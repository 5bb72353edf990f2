import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { archiveFixture } from './archiveFixture.js';
import type { ArchiveFixture } from './archiveFixture.js';
import { awkwardSession, storeAwkward } from './awkwardRows.js';

let fixture: ArchiveFixture;
beforeAll(async () => {
  fixture = await archiveFixture();
});
afterAll(() => fixture.dispose());

/** Changes the time in the head of a gzip file, which no reader looks at. */
function changeTime(path: string): void {
  const bytes = readFileSync(path);
  bytes.writeUInt32LE(bytes.readUInt32LE(4) + 1, 4);
  writeFileSync(path, bytes);
}

/** The session's row without what a restoration is noted in. */
const sessionRow = async (id: string): Promise<string | undefined> =>
  (await fixture.sql<{ row: string }>("SELECT (to_jsonb(s) - 'updated_at')::text AS row FROM sessions s WHERE id = $1", [id]))[0]?.row;
const objectKey = async (id: string): Promise<string> =>
  (await fixture.sql<{ object_key: string }>('SELECT object_key FROM session_archives WHERE session_id = $1', [id]))[0]?.object_key ?? '';

it('puts every row back byte for byte, whatever it holds', async () => {
  let number = 0;
  await fc.assert(
    fc.asyncProperty(awkwardSession, async (session) => {
      number += 1;
      const id = await storeAwkward(fixture, `awkward ${number}`, session);
      const rows = await fixture.rowsOf(id);
      const row = await sessionRow(id);
      expect(await fixture.archive.archive(id)).toMatchObject({ kind: 'archived', entries: session.entries.length });
      expect(await fixture.rowsOf(id)).toEqual([]);
      expect(await fixture.archive.verify(id)).toMatchObject({ kind: 'intact', entries: session.entries.length });
      expect(await fixture.archive.restore(id)).toEqual({ kind: 'restored', status: 'completed', entries: session.entries.length });
      expect(await fixture.rowsOf(id)).toEqual(rows);
      expect(await sessionRow(id)).toBe(row);
    }),
    { numRuns: 15 },
  );
});

it('notes who restored it, and deletes the object only when readers are done with it', async () => {
  const id = await fixture.endedSession('restored');
  await fixture.archive.archive(id);
  const key = await objectKey(id);
  expect(await fixture.archive.restore(id, 'operator')).toMatchObject({ kind: 'restored' });
  const events = await fixture.sql<{ event_type: string; by: string | null }>(
    "SELECT event_type, event_data ->> 'by' AS by FROM session_lifecycle WHERE session_id = $1 ORDER BY created_at DESC, event_type DESC LIMIT 2",
    [id],
  );
  expect(events).toEqual([
    { event_type: 'restored', by: 'operator' },
    { event_type: 'archived', by: null },
  ]);
  expect([...fixture.cache.entries.keys()].filter((name) => name.startsWith('archived_session') && name.includes(id))).toEqual([]);
  expect(await fixture.archive.sweepLeftovers()).toBe(0);
  expect((await fixture.store.head(key))?.bytes).toBeGreaterThan(100);
  await fixture.sql("UPDATE archive_leftovers SET noted_at = now() - interval '1 hour' WHERE session_id = $1", [id]);
  await fixture.archive.sweepLeftovers();
  expect(await fixture.store.head(key)).toBeUndefined();
  // And into the archive again, under another name.
  expect(await fixture.archive.archive(id)).toMatchObject({ kind: 'archived' });
  expect(await objectKey(id)).not.toBe(key);
});

it('leaves a session alone that would be archived again at once', async () => {
  const id = await fixture.endedSession('again');
  await fixture.sql(
    "UPDATE sessions SET status = 'expired', expires_at = now() - interval '9 days', last_activity_at = now() - interval '10 days', retention_policy = 'extended' WHERE id = $1",
    [id],
  );
  expect(await fixture.archive.archiveDue(100)).toMatchObject({ archived: 1, failed: 0 });
  await fixture.archive.restore(id);
  expect(await fixture.archive.archiveDue(100)).toEqual({ archived: 0, failed: 0, hasMore: false });
  const [row] = await fixture.sql<{ hours: number }>(
    'SELECT extract(epoch FROM expires_at - now()) / 3600 AS hours FROM sessions WHERE id = $1',
    [id],
  );
  expect(Number(row?.hours)).toBeCloseTo(72, 1);
});

it('says why it does not restore', async () => {
  expect(await fixture.archive.restore('00000000-0000-4000-8000-000000000000')).toEqual({ kind: 'session_not_found' });
  const id = await fixture.endedSession('hot');
  expect(await fixture.archive.restore(id)).toEqual({ kind: 'session_not_archived', status: 'completed' });
});

it('lets one of several restorers win', async () => {
  const id = await fixture.endedSession('restored by many');
  const rows = await fixture.rowsOf(id);
  await fixture.archive.archive(id);
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => fixture.archive.restore(id)));
  expect(outcomes.filter(({ kind }) => kind === 'restored')).toHaveLength(1);
  for (const { kind } of outcomes) expect(['restored', 'session_changed', 'session_not_archived']).toContain(kind);
  expect(await fixture.rowsOf(id)).toEqual(rows);
  expect(await fixture.sql("SELECT 1 FROM session_lifecycle WHERE session_id = $1 AND event_type = 'restored'", [id])).toHaveLength(1);
});

it.each([
  ['gone', (path: string) => rmSync(path), 'HANDOFF_ARCHIVE_MISSING'],
  ['empty', (path: string) => writeFileSync(path, ''), 'HANDOFF_ARCHIVE_DAMAGED'],
  ['something else', (path: string) => writeFileSync(path, 'x'.repeat(700)), 'HANDOFF_ARCHIVE_DAMAGED'],
  ['readable, and not what was written', changeTime, 'HANDOFF_ARCHIVE_DAMAGED'],
] as const)('changes nothing when the object is %s, and verify says the same', async (what, harm, code) => {
  const id = await fixture.endedSession(`object ${what}`);
  await fixture.archive.archive(id);
  harm(join(fixture.folder, await objectKey(id)));
  expect(await fixture.archive.verify(id)).toMatchObject({ kind: 'damaged', error: { code } });
  await expect(fixture.archive.restore(id)).rejects.toMatchObject({ code });
  expect(await fixture.rowsOf(id)).toEqual([]);
  expect(await fixture.sql('SELECT 1 FROM sessions WHERE id = $1 AND archived_at IS NOT NULL', [id])).toHaveLength(1);
});

it('lets one of several restorers win, also of a session that was archived where it is', async () => {
  const id = await fixture.endedSession('in place, restored by many');
  await fixture.sql('UPDATE sessions SET archived_at = now() WHERE id = $1', [id]);
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => fixture.archive.restore(id)));
  expect(outcomes.filter(({ kind }) => kind === 'restored')).toHaveLength(1);
  expect(await fixture.sql("SELECT 1 FROM session_lifecycle WHERE session_id = $1 AND event_type = 'restored'", [id])).toHaveLength(1);
});

it('restores what was archived where it is, as an earlier server did', async () => {
  const id = await fixture.endedSession('in place');
  await fixture.sql('UPDATE sessions SET archived_at = now(), is_dormant = true WHERE id = $1', [id]);
  const rows = await fixture.rowsOf(id);
  expect(await fixture.archive.verify(id)).toEqual({ kind: 'no_object' });
  expect(await fixture.archive.restore(id)).toMatchObject({ kind: 'restored' });
  expect(await fixture.rowsOf(id)).toEqual(rows);
});

it.each(['expired', 'completed'])('leaves a restored session that was %s alone, also when its policy changes', async (status) => {
  const id = await fixture.endedSession(`left alone, ${status}`);
  await fixture.sql(
    "UPDATE sessions SET last_activity_at = now() - interval '90 hours', expires_at = now() - interval '66 hours', status = $2 WHERE id = $1",
    [id, status],
  );
  await fixture.archive.archive(id);
  await fixture.archive.restore(id);
  await fixture.sql('DELETE FROM archive_leftovers');
  await fixture.retention.updatePolicy({ name: 'standard', activeSessionTtl: 36 }, 'ann');
  await fixture.retention.assign({ sessionId: id }, 'extended', 'ann');
  expect(await fixture.archive.archiveDue(10)).toMatchObject({ archived: 0 });
  expect(await fixture.sql("SELECT FROM sessions WHERE id = $1 AND expires_at > now() + interval '23 hours'", [id])).toHaveLength(1);
  await fixture.retention.updatePolicy({ name: 'standard', activeSessionTtl: 24 }, 'ann');
});
