import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { archiveFixture } from './archiveFixture.js';
import type { ArchiveFixture } from './archiveFixture.js';

let fixture: ArchiveFixture;
beforeAll(async () => {
  fixture = await archiveFixture();
});
afterAll(() => fixture.dispose());

it('writes nothing to a folder that is not the one it was, and goes on when that is back', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 5; n += 1) ids.push(await fixture.endedSession(`s${n}`));
  for (const id of ids.slice(0, 3)) expect(await fixture.archive.archive(id)).toMatchObject({ kind: 'archived' });
  await fixture.sql("UPDATE sessions SET status = 'expired', expires_at = now() - interval '1 day' WHERE archived_at IS NULL");

  // What is left of a folder when its disk is not mounted.
  renameSync(fixture.folder, `${fixture.folder}.away`);
  mkdirSync(fixture.folder);
  await expect(fixture.archive.archiveDue(10)).rejects.toMatchObject({ code: 'HANDOFF_ARCHIVE_STORE', data: { reason: 'PLACE_EMPTY' } });
  await expect(fixture.archive.archive(ids[3] ?? '')).rejects.toThrow('mount the folder');
  expect(fixture.objects()).toEqual([]);
  expect(await fixture.sql('SELECT FROM sessions WHERE archived_at IS NULL')).toHaveLength(2);

  rmSync(fixture.folder, { recursive: true });
  renameSync(`${fixture.folder}.away`, fixture.folder);
  expect(await fixture.archive.archiveDue(10)).toMatchObject({ archived: 2, failed: 0 });
  for (const id of ids) expect(await fixture.archive.verify(id)).toMatchObject({ kind: 'intact' });
});

it('leaves it to a store that does not answer to say so, and takes one or two lost objects for what they are', async () => {
  await fixture.sql('DELETE FROM session_archives WHERE session_id NOT IN (SELECT session_id FROM session_archives ORDER BY 1 LIMIT 3)');
  fixture.store.head = () => Promise.reject(Object.assign(new Error('stale handle'), { code: 'ESTALE' }));
  expect(await fixture.archive.archive(await fixture.endedSession('later'))).toMatchObject({ kind: 'archived' });
  fixture.store.head = () => Promise.resolve(undefined);
  await expect(fixture.archive.archive(await fixture.endedSession('refused'))).rejects.toMatchObject({ data: { reason: 'PLACE_EMPTY' } });
  await fixture.sql('DELETE FROM session_archives WHERE session_id NOT IN (SELECT session_id FROM session_archives ORDER BY 1 LIMIT 2)');
  expect(await fixture.archive.archive(await fixture.endedSession('last'))).toMatchObject({ kind: 'archived' });
});
