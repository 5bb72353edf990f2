import { afterAll, beforeAll, expect, it } from 'vitest';
import { noteArchiveRemoval } from '../../../../src/handoff/archive/sweepLeftovers.js';
import { archiveFixture } from './archiveFixture.js';
import type { ArchiveFixture } from './archiveFixture.js';

// Purges and erasures: the object goes with the session, at once where it must, and never before the rows are gone.

let fixture: ArchiveFixture;
beforeAll(async () => {
  fixture = await archiveFixture();
});
afterAll(() => fixture.dispose());

async function archived(key: string): Promise<string> {
  const id = await fixture.endedSession(key);
  await fixture.archive.archive(id);
  return id;
}
const removeSession = { name: 'test_remove', text: 'DELETE FROM sessions WHERE id = $1::uuid' };

it('deletes the object of an erased session as soon as its rows are gone, and what caches have of it', async () => {
  const id = await archived('erased');
  await fixture.sessions.context({ sessionKey: 'erased', afterSequenceNumber: 0, limit: 9 });
  await fixture.database.transaction(async (transaction) => {
    expect(await noteArchiveRemoval(transaction, [id])).toBe(1);
    await transaction.query(removeSession, [id]);
  });
  await fixture.archive.forget(id, 'erased');
  expect(await fixture.archive.sweepLeftovers()).toBe(1);
  expect(fixture.objects()).toEqual([]);
  expect([...fixture.cache.entries.keys()].filter((key) => key.startsWith('archived_session'))).toEqual([]);
  expect(await fixture.sql('SELECT 1 FROM archive_leftovers')).toEqual([]);
  expect(await fixture.sessions.context({ sessionKey: 'erased', afterSequenceNumber: 0, limit: 9 })).toBeUndefined();
});

it('keeps the object of a session whose removal is rolled back', async () => {
  const id = await archived('kept');
  await fixture.database
    .transaction(async (transaction) => {
      await noteArchiveRemoval(transaction, [id]);
      await transaction.query(removeSession, [id]);
      throw new Error('changed my mind');
    })
    .catch(() => undefined);
  expect(await fixture.archive.sweepLeftovers()).toBe(0);
  expect(await fixture.archive.verify(id)).toMatchObject({ kind: 'intact' });
});

it('keeps the note of an object that the store does not delete now, and of one that is elsewhere', async () => {
  const id = await archived('stubborn');
  await fixture.sql('DELETE FROM sessions WHERE id = $1', [id]);
  await fixture.sql("INSERT INTO archive_leftovers VALUES ('aa/bb/other.jsonl.gz', $1, 's3', 's3://other', now() - interval '1 day')", [
    id,
  ]);
  await fixture.sql("UPDATE archive_leftovers SET noted_at = now() - interval '1 day'");
  fixture.store.before = (operation) => {
    if (operation === 'delete') throw Object.assign(new Error('read-only file system'), { code: 'EROFS' });
  };
  expect(await fixture.archive.sweepLeftovers()).toBe(0);
  fixture.store.before = () => undefined;
  expect(await fixture.archive.sweepLeftovers()).toBe(1);
  expect(await fixture.sql('SELECT location FROM archive_leftovers')).toEqual([{ location: 's3://other' }]);
});
