import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import { FakeClock } from '../../../../src/testing.js';
import { archiveFixture } from './archiveFixture.js';
import type { ArchiveFixture } from './archiveFixture.js';

// Purges and erasures: the object goes with the session, at once where it can, and never before the rows are gone.

let fixture: ArchiveFixture;
beforeAll(async () => {
  fixture = await archiveFixture();
});
afterAll(() => fixture.dispose());
afterEach(async () => {
  fixture.store.before = () => undefined;
  await fixture.sql('DELETE FROM sessions');
  await fixture.sql("UPDATE archive_leftovers SET noted_at = '-infinity'");
  await fixture.archive.sweepLeftovers();
  expect(fixture.objects()).toEqual([]);
  await fixture.sql('DELETE FROM archive_leftovers');
});

async function archived(key: string): Promise<string> {
  const id = await fixture.endedSession(key);
  expect(await fixture.archive.archive(id)).toMatchObject({ kind: 'archived' });
  return id;
}
const notesOf = async (id: string): Promise<number> =>
  (await fixture.sql('SELECT FROM archive_leftovers WHERE session_id = $1', [id])).length;
const refuseDeletes = (): void => {
  fixture.store.before = (operation) => {
    if (operation === 'delete') throw Object.assign(new Error('read-only file system'), { code: 'EROFS' });
  };
};

/** Holds the next operation of this kind until it is released. */
function hold(operation: 'put' | 'get' | 'head'): { readonly reached: Promise<void>; release(): void } {
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  fixture.store.before = async (each) => {
    if (each !== operation) return;
    fixture.store.before = () => undefined;
    reached.resolve();
    await held.promise;
  };
  return { reached: reached.promise, release: held.resolve };
}

it('deletes the object of an erased session as soon as its rows are gone, and what caches have of it', async () => {
  const id = await archived('erased');
  await fixture.sessions.context({ sessionKey: 'erased', afterSequenceNumber: 0, limit: 9 });
  expect(await fixture.retention.erase({ sessionKey: 'erased' }, 'ann')).toMatchObject({ kind: 'erased', archiveCleared: true });
  expect(fixture.objects()).toEqual([]);
  expect([...fixture.cache.entries.keys()].filter((key) => key.includes('erased') || key.includes(id))).toEqual([]);
  expect(await notesOf(id)).toBe(0);
  expect(await fixture.sessions.context({ sessionKey: 'erased', afterSequenceNumber: 0, limit: 9 })).toBeUndefined();
});

it('keeps the object of a session whose removal is rolled back', async () => {
  const id = await archived('kept');
  const remove = fixture.retention.onErase(async () => Promise.reject(new Error('changed my mind')));
  await expect(fixture.retention.erase({ sessionId: id }, 'ann')).rejects.toThrow('changed my mind');
  remove();
  expect(await fixture.archive.clear(id)).toBe(true);
  expect(await fixture.archive.sweepLeftovers()).toBe(0);
  expect(await fixture.archive.verify(id)).toMatchObject({ kind: 'intact' });
});

it('leaves nothing of a session that is erased while an archiver writes its object', async () => {
  const id = await fixture.endedSession('written late');
  const put = hold('put');
  const archiving = fixture.archive.archive(id);
  await put.reached;
  expect(await fixture.retention.erase({ sessionId: id }, 'ann')).toMatchObject({ kind: 'erased', archiveCleared: false });
  await fixture.archive.sweepLeftovers();
  put.release();
  expect(await archiving).toEqual({ kind: 'session_changed' });
  expect(fixture.objects()).toEqual([]);
  expect(await fixture.retention.erase({ sessionId: id }, 'ann')).toMatchObject({ kind: 'already_deleted', archiveCleared: true });
});

it('deletes what an archiver wrote for an erased session although it never came back from writing it', async () => {
  const id = await fixture.endedSession('written by the dead');
  const put = hold('put');
  const archiving = fixture.archive.archive(id);
  await put.reached;
  await fixture.retention.erase({ sessionId: id }, 'ann');
  await fixture.archive.sweepLeftovers();
  const get = hold('get');
  put.release();
  await get.reached;
  expect(fixture.objects()).toHaveLength(1);
  expect(await fixture.archive.sweepLeftovers()).toBe(1);
  expect(fixture.objects()).toEqual([]);
  get.release();
  await expect(archiving).rejects.toMatchObject({ code: 'HANDOFF_ARCHIVE_DAMAGED' });
});

it('says of an erased session that its object is still there, whatever else it has deleted', async () => {
  const id = await archived('stubborn');
  const other = await archived('other');
  await fixture.sql('DELETE FROM sessions WHERE id = $1', [other]);
  await fixture.sql("UPDATE archive_leftovers SET noted_at = '-infinity'");
  fixture.store.before = (operation, key) => {
    if (operation === 'delete' && key.includes(id)) throw Object.assign(new Error('access denied'), { code: 'AccessDenied' });
  };
  expect(await fixture.retention.erase({ sessionId: id }, 'ann')).toMatchObject({ kind: 'erased', archiveCleared: false });
  expect(await fixture.retention.erase({ sessionId: id }, 'ann')).toMatchObject({ kind: 'already_deleted', archiveCleared: false });
  expect(fixture.objects()).toHaveLength(2);
  fixture.store.before = () => undefined;
  expect(await fixture.retention.erase({ sessionId: id }, 'ann')).toMatchObject({ kind: 'already_deleted', archiveCleared: true });
  expect(fixture.objects()).toEqual([expect.stringContaining(other)]);
});

it('says that an erased session is cleared where the sweep had nothing to do with it', async () => {
  const id = await fixture.endedSession('hot');
  expect(await fixture.retention.erase({ sessionId: id }, 'ann')).toMatchObject({ archiveCleared: true });
});

it.each(['erased', 'purged'])('keeps nothing in memory of an object whose session was %s', async (what) => {
  const id = await archived(`remembered ${what}`);
  const [described] = await fixture.sql<Parameters<typeof fixture.archive.open>[1]>(
    'SELECT object_key, store, location, sha256, stored_bytes::float8 AS stored_bytes FROM session_archives WHERE session_id = $1',
    [id],
  );
  if (described === undefined) throw new Error('not described');
  await fixture.archive.open(id, described);
  if (what === 'erased') await fixture.retention.erase({ sessionId: id }, 'ann');
  else {
    await fixture.sql("UPDATE sessions SET archived_at = now() - interval '10 years' WHERE id = $1", [id]);
    expect(await fixture.lifecycle.sweeps.purge()).toMatchObject({ changed: 1 });
  }
  expect(await fixture.archive.open(id, described)).toBeUndefined();
});

it('does not bring a session back that is erased while it is restored', async () => {
  const early = await archived('restored early');
  const get = hold('get');
  const restoring = fixture.archive.restore(early);
  await get.reached;
  expect(await fixture.retention.erase({ sessionId: early }, 'ann')).toMatchObject({ archiveCleared: true });
  get.release();
  expect(await restoring).toEqual({ kind: 'session_changed' });

  // And when the rows are back already: the erasure waits for them, and takes them along.
  const late = await archived('restored late');
  let erasing: Promise<unknown> | undefined;
  fixture.before.set('handoff_archive_finish_restore', async () => {
    erasing = fixture.retention.erase({ sessionId: late }, 'ann');
  });
  expect(await fixture.archive.restore(late)).toMatchObject({ kind: 'restored' });
  fixture.before.clear();
  expect(await erasing).toMatchObject({ deleted: { contextEntries: 3, handoffs: 1 }, archiveCleared: true });
  for (const id of [early, late]) expect([await fixture.rowsOf(id), await notesOf(id)]).toEqual([[], 0]);
  expect(fixture.objects()).toEqual([]);
});

it.each([
  ['context', () => fixture.sessions.context({ sessionKey: 'read: context', afterSequenceNumber: 0, limit: 9 }), undefined],
  [
    'part',
    () => fixture.sessions.part({ sessionKey: 'read: part', part: 'content', sequenceNumber: 1, offset: 0 }),
    { kind: 'session_not_found' },
  ],
  [
    'verify',
    async () => fixture.archive.verify((await fixture.archive.find('read: verify'))?.session_id ?? ''),
    { kind: 'session_not_found' },
  ],
] as const)('does not take the object of a session for lost that is erased while it is read (%s)', async (what, read, expected) => {
  await archived(`read: ${what}`);
  const get = hold(what === 'verify' ? 'head' : 'get');
  const reading = read();
  await get.reached;
  await fixture.retention.erase({ sessionKey: `read: ${what}` }, 'ann');
  get.release();
  expect(await reading).toEqual(expected);
});

it('leaves nothing in the cache of a session that is erased while an archiver writes there', async () => {
  const id = await fixture.endedSession('cached late');
  const set = fixture.cache.set.bind(fixture.cache);
  let isErased = false;
  fixture.cache.set = async (key, value, ttlSeconds) => {
    if (!isErased) {
      isErased = true;
      await fixture.retention.erase({ sessionId: id }, 'ann');
    }
    await set(key, value, ttlSeconds);
  };
  await fixture.archive.archive(id);
  fixture.cache.set = set;
  expect(isErased).toBe(true);
  expect([...fixture.cache.entries.keys()].filter((key) => key.includes('cached late') || key.includes(id))).toEqual([]);
});

it('does not wait for each of many objects when the store takes long to fail, but does for one that refuses at once', async () => {
  const ids = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(archived));
  await fixture.sql('DELETE FROM sessions WHERE id = ANY ($1)', [ids]);
  await fixture.sql("UPDATE archive_leftovers SET noted_at = '-infinity'");
  const clock = new FakeClock();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const { archive } = createHandoffServices({ database: fixture.database, cache: fixture.cache, archive: fixture.store, log, clock });
  let asked = 0;
  let takesMs = 60_000;
  fixture.store.before = async () => {
    asked += 1;
    await clock.advance(takesMs);
    throw new Error('no answer');
  };
  expect([await archive.sweepLeftovers(), asked]).toEqual([0, 2]);
  [asked, takesMs] = [0, 1];
  expect([await archive.sweepLeftovers(), asked]).toEqual([0, 5]);
});

it('keeps the note of an object that the store does not delete now, and of one that is elsewhere', async () => {
  const id = await archived('refused');
  await fixture.sql('DELETE FROM sessions WHERE id = $1', [id]);
  await fixture.sql("INSERT INTO archive_leftovers VALUES ('aa/bb/other.jsonl.gz', $1, 's3', 's3://other', now() - interval '1 day')", [
    id,
  ]);
  await fixture.sql("UPDATE archive_leftovers SET noted_at = now() - interval '1 day'");
  refuseDeletes();
  expect(await fixture.archive.sweepLeftovers()).toBe(0);
  fixture.store.before = () => undefined;
  expect(await fixture.archive.sweepLeftovers()).toBe(1);
  expect(await fixture.sql('SELECT location FROM archive_leftovers')).toEqual([{ location: 's3://other' }]);
});

it('keeps the note of an object that is not found for a day: a folder that is not mounted has none', async () => {
  const id = await archived('unmounted');
  await fixture.sql('DELETE FROM sessions WHERE id = $1', [id]);
  await fixture.sql("UPDATE archive_leftovers SET noted_at = now() - interval '1 hour', object_key = 'aa/bb/nothing.jsonl.gz'");
  expect(await fixture.archive.sweepLeftovers()).toBe(0);
  await fixture.sql("UPDATE archive_leftovers SET given_up_at = now() - interval '23 hours'");
  expect(await fixture.archive.sweepLeftovers()).toBe(0);
  await fixture.sql("UPDATE archive_leftovers SET given_up_at = now() - interval '25 hours'");
  expect(await fixture.archive.sweepLeftovers()).toBe(1);
  expect(await notesOf(id)).toBe(0);
  await fixture.sql("INSERT INTO archive_leftovers VALUES ($1, $2, 'files', $3, '-infinity')", [
    `${id.slice(0, 2)}/${id.slice(2, 4)}/${fixture.objects()[0] ?? ''}`,
    id,
    fixture.folder,
  ]);
});
