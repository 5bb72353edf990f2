import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { archiveFixture } from '../integration/handoff/archive/archiveFixture.js';
import type { ArchiveFixture } from '../integration/handoff/archive/archiveFixture.js';

// An archiver can be killed anywhere: what is left is the session whole in one place, and the next sweep ends what was begun.

const hooks = fileURLToPath(new URL('../../tools/resolveSource.mjs', import.meta.url));
const script = fileURLToPath(new URL('./archiverProcess.ts', import.meta.url));

let fixture: ArchiveFixture;
let url: string;
beforeAll(async () => {
  fixture = await archiveFixture();
  url = (fixture.database.pool.options as { connectionString?: string }).connectionString ?? '';
});
afterAll(() => fixture.dispose());

async function killAt(task: 'archive' | 'restore', sessionId: string, point: string): Promise<void> {
  const child = spawn(process.execPath, ['--import', hooks, script, url, fixture.folder, task, sessionId, point], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  expect(said.toString()).toBe('stopped\n');
  child.kill('SIGKILL');
  await once(child, 'close');
}

const isCold = async (id: string): Promise<boolean> =>
  (await fixture.sql('SELECT 1 FROM sessions WHERE id = $1 AND archived_at IS NOT NULL', [id])).length === 1;
const events = async (id: string): Promise<readonly string[]> =>
  (
    await fixture.sql<{ event_type: string }>(
      "SELECT event_type FROM session_lifecycle WHERE session_id = $1 AND event_type IN ('archived', 'restored') ORDER BY created_at",
      [id],
    )
  ).map(({ event_type: type }) => type);

const ARCHIVING = [
  ['after handoff_archive_note', false],
  ['in put', false],
  ['after put', false],
  ['after get', false],
  ['after handoff_archive_delete_entry', false],
  ['after handoff_archive_finish', false],
  ['after COMMIT', true],
] as const;
const RESTORING = [
  ['after handoff_archive_insert_entry', true],
  ['after handoff_archive_finish_restore', true],
  ['after COMMIT', false],
] as const;

it('leaves a session whole, hot or cold, wherever an archiver is killed, and the next sweep ends it', async () => {
  const sessions = await Promise.all(
    ARCHIVING.map(async ([point, cold]) => {
      const id = await fixture.endedSession(`archive: ${point}`);
      return { id, point, cold, rows: await fixture.rowsOf(id) };
    }),
  );
  await Promise.all(sessions.map(({ id, point }) => killAt('archive', id, point)));
  for (const { id, point, cold, rows } of sessions) {
    expect([point, await isCold(id)]).toEqual([point, cold]);
    expect([point, await fixture.rowsOf(id)]).toEqual([point, cold ? [] : rows]);
    expect([point, await events(id)]).toEqual([point, cold ? ['archived'] : []]);
    if (cold) expect(await fixture.archive.verify(id)).toMatchObject({ kind: 'intact', entries: 3 });
  }
  // The next sweeps, when the notes of the dead are old enough.
  await fixture.sql("UPDATE archive_leftovers SET noted_at = now() - interval '1 hour', given_up_at = now() - interval '1 day'");
  await fixture.sql("UPDATE sessions SET expires_at = now() - interval '1 hour', last_activity_at = now() - interval '9 days'");
  expect(await fixture.archive.sweepLeftovers()).toBe(ARCHIVING.length - 1);
  expect(await fixture.archive.archiveDue(100)).toEqual({ archived: ARCHIVING.length - 1, failed: 0, hasMore: false });
  for (const { id } of sessions) {
    expect(await fixture.archive.verify(id)).toMatchObject({ kind: 'intact', entries: 3 });
    expect(await events(id)).toEqual(['archived']);
  }
  expect(fixture.objects()).toHaveLength(sessions.length);
  expect(await fixture.sql('SELECT 1 FROM archive_leftovers')).toEqual([]);
});

it('does the same for one that restores', async () => {
  const sessions = await Promise.all(
    RESTORING.map(async ([point, cold]) => {
      const id = await fixture.endedSession(`restore: ${point}`);
      const rows = await fixture.rowsOf(id);
      await fixture.archive.archive(id);
      return { id, point, cold, rows };
    }),
  );
  await Promise.all(sessions.map(({ id, point }) => killAt('restore', id, point)));
  for (const { id, point, cold, rows } of sessions) {
    expect([point, await isCold(id)]).toEqual([point, cold]);
    expect([point, await fixture.rowsOf(id)]).toEqual([point, cold ? [] : rows]);
    if (cold) expect(await fixture.archive.restore(id)).toMatchObject({ kind: 'restored' });
    expect(await fixture.rowsOf(id)).toEqual(rows);
    expect(await events(id)).toEqual(['archived', 'restored']);
  }
});
