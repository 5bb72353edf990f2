import { gunzipSync } from 'node:zlib';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { archiveFixture } from './archiveFixture.js';
import type { ArchiveFixture } from './archiveFixture.js';

let fixture: ArchiveFixture;
beforeAll(async () => {
  fixture = await archiveFixture();
});
afterAll(() => fixture.dispose());

const state = async (id: string): Promise<unknown> =>
  (
    await fixture.sql(
      `SELECT s.status, s.archived_at IS NOT NULL AS archived, s.is_dormant, a.object_key IS NOT NULL AS described,
         (SELECT count(*)::int FROM context_history WHERE session_id = s.id) AS entries,
         (SELECT count(*)::int FROM archive_leftovers WHERE session_id = s.id) AS notes,
         (SELECT count(*)::int FROM session_lifecycle WHERE session_id = s.id AND event_type = 'archived') AS events
       FROM sessions s LEFT JOIN session_archives a ON a.session_id = s.id WHERE s.id = $1`,
      [id],
    )
  )[0];
const HOT = { status: 'completed', archived: false, is_dormant: false, described: false, entries: 3, events: 0 };
const COLD = { status: 'completed', archived: true, is_dormant: true, described: true, entries: 0, notes: 0, events: 1 };

it('moves an ended session into one object, with its description and one event', async () => {
  const id = await fixture.endedSession('moved');
  expect(await fixture.archive.archive(id)).toMatchObject({ kind: 'archived', entries: 3 });
  expect(await state(id)).toEqual(COLD);

  const [row] = await fixture.sql<{ object_key: string }>('SELECT object_key FROM session_archives WHERE session_id = $1', [id]);
  const lines = gunzipSync(readFileSync(join(fixture.folder, row?.object_key ?? '')))
    .toString()
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => Object.keys(JSON.parse(line) as object)[0])).toEqual([
    ...['archive', 'session', 'entry', 'entry', 'entry', 'handoff', 'event', 'event', 'event', 'end'],
  ]);
  expect(fixture.cache.entries.get(`archived_session:${id}`)?.ttlSeconds).toBe(604_800);
  expect(JSON.parse(fixture.cache.entries.get('archived_session_by_key:moved')?.value ?? '')).toMatchObject({
    id,
    metadata: { of: 'moved' },
  });
});

it('says why it does not archive: unknown, active and archived sessions', async () => {
  expect(await fixture.archive.archive('00000000-0000-4000-8000-000000000000')).toEqual({ kind: 'session_not_found' });
  await fixture.sessions.register({ sessionKey: 'active', agentFrom: 'a', metadata: {} });
  const [active] = await fixture.sql<{ id: string }>("SELECT id FROM sessions WHERE session_key = 'active'");
  expect(await fixture.archive.archive(active?.id ?? '')).toEqual({ kind: 'session_not_ended', status: 'active' });
  const id = await fixture.endedSession('twice');
  await fixture.archive.archive(id);
  expect(await fixture.archive.archive(id)).toEqual({ kind: 'already_archived' });
});

it.each([
  ['an entry changed', "UPDATE context_history SET content = 'changed' WHERE session_id = $1 AND sequence_number = 2"],
  ['an entry went', 'DELETE FROM context_history WHERE session_id = $1 AND sequence_number = 2'],
  ['an entry came', "INSERT INTO context_history (session_id, sequence_number, context_type, content) VALUES ($1, 99, 'message', 'late')"],
  ['a snapshot came', "INSERT INTO codebase_snapshots (session_id, file_path, content_hash) VALUES ($1, 'a', 'b')"],
  ['a handoff was answered', "UPDATE handoff_requests SET status = 'accepted' WHERE session_id = $1"],
  ['the session became active', "UPDATE sessions SET status = 'active' WHERE id = $1"],
])('changes nothing when %s meanwhile', async (what, change) => {
  const id = await fixture.endedSession(what);
  let before: readonly string[] = [];
  fixture.store.before = async (operation) => {
    if (operation !== 'get') return;
    fixture.store.before = () => undefined;
    await fixture.sql(change, [id]);
    before = await fixture.rowsOf(id);
  };
  expect(await fixture.archive.archive(id)).toEqual({ kind: 'session_changed' });
  expect(await state(id)).toMatchObject({ archived: false, described: false, events: 0 });
  expect(before.length).toBeGreaterThan(0);
  expect(await fixture.rowsOf(id)).toEqual(before);
  // What was written for nothing is deleted at once, and nothing keeps the next try away.
  expect(fixture.objects().filter((name) => name.startsWith(id))).toEqual([]);
  expect(await state(id)).toMatchObject({ notes: 0 });
});

it.each([
  ['put fails', 'put', 'HANDOFF_ARCHIVE_STORE'],
  ['get fails', 'get', 'HANDOFF_ARCHIVE_STORE'],
] as const)('changes nothing when %s, and says so', async (what, failing, code) => {
  const id = await fixture.endedSession(what);
  const before = await fixture.rowsOf(id);
  fixture.store.before = (operation) => {
    if (operation === failing) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };
  const failure: unknown = await fixture.archive.archive(id).catch((error: unknown) => error);
  fixture.store.before = () => undefined;
  expect(failure).toMatchObject({ code, data: { operation: failing, reason: 'ENOSPC' } });
  expect(String(failure)).toContain('free space');
  expect(await fixture.rowsOf(id)).toEqual(before);
  expect(await state(id)).toEqual({ ...HOT, notes: 1 });
});

it.each([
  ['loses its end', (body: Uint8Array) => body.subarray(0, -3)],
  ['turns a bit', (body: Uint8Array) => Uint8Array.from(body, (byte, at) => (at === 20 ? byte ^ 1 : byte))],
  ['is empty', () => new Uint8Array()],
])('keeps the session in the database when what is stored %s', async (what, distort) => {
  const id = await fixture.endedSession(`stored ${what}`);
  const before = await fixture.rowsOf(id);
  fixture.store.distort = distort;
  await expect(fixture.archive.archive(id)).rejects.toMatchObject({ code: 'HANDOFF_ARCHIVE_DAMAGED' });
  fixture.store.distort = (body) => body;
  expect(await fixture.rowsOf(id)).toEqual(before);
  expect(await state(id)).toEqual({ ...HOT, notes: 1 });
});

it('lets one of several archivers win', async () => {
  const id = await fixture.endedSession('contended');
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => fixture.archive.archive(id)));
  expect(outcomes.filter(({ kind }) => kind === 'archived')).toHaveLength(1);
  expect(await state(id)).toMatchObject({ ...COLD, notes: expect.any(Number) as number });
  await fixture.sql("UPDATE archive_leftovers SET noted_at = '-infinity' WHERE session_id = $1", [id]);
  await fixture.archive.sweepLeftovers();
  expect(await state(id)).toEqual(COLD);
  expect(await fixture.archive.verify(id)).toMatchObject({ kind: 'intact', entries: 3 });
  expect(fixture.objects().filter((name) => name.startsWith(id))).toHaveLength(1);
});

it('never describes an object that a sweep has given up on', async () => {
  const id = await fixture.endedSession('slow');
  fixture.store.before = async (operation) => {
    if (operation !== 'get') return;
    fixture.store.before = () => undefined;
    // Another replica takes this archiver for dead while it compares what it wrote.
    await fixture.sql("UPDATE archive_leftovers SET noted_at = now() - interval '1 day' WHERE session_id = $1", [id]);
    const other = await fixture.archive.sweepLeftovers();
    expect(other).toBeGreaterThan(0);
  };
  const outcome = await fixture.archive.archive(id).catch((error: unknown) => error);
  expect(outcome).not.toMatchObject({ kind: 'archived' });
  expect(await state(id)).toMatchObject(HOT);
});

it('holds one copy of an object at a time: what was written is dropped before it is read back', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const id = await fixture.endedSession('light');
  let written: WeakRef<Uint8Array> | undefined;
  fixture.store.distort = (body) => {
    written = new WeakRef(body);
    return body;
  };
  let held: unknown = 'nothing was read back';
  fixture.store.before = async (operation) => {
    if (operation !== 'get') return;
    // A reference that was followed lives until the end of the turn.
    await new Promise((resolve) => setTimeout(resolve, 50));
    collect();
    held = written?.deref();
  };
  expect(await fixture.archive.archive(id)).toMatchObject({ kind: 'archived' });
  fixture.store.before = () => undefined;
  fixture.store.distort = (body) => body;
  expect(held).toBeUndefined();
});

it('does not archive what it would lose: a column that it does not know', async () => {
  const id = await fixture.endedSession('columns');
  await fixture.sql('ALTER TABLE codebase_snapshots ADD COLUMN note text');
  await expect(fixture.archive.archive(id)).rejects.toMatchObject({
    code: 'HANDOFF_ARCHIVE_COLUMNS',
    data: { columns: ['codebase_snapshots.note'] },
  });
  await fixture.sql('ALTER TABLE codebase_snapshots DROP COLUMN note');
  expect(await fixture.archive.archive(id)).toMatchObject({ kind: 'archived' });
});

it('leaves no half-written file', () => {
  expect(readdirSync(fixture.folder, { recursive: true }).filter((name) => String(name).endsWith('.partial'))).toEqual([]);
});
