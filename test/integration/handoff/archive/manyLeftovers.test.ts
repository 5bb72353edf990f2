import { afterAll, beforeAll, expect, it } from 'vitest';
import { archiveFixture } from './archiveFixture.js';
import type { ArchiveFixture } from './archiveFixture.js';

let fixture: ArchiveFixture;
beforeAll(async () => {
  fixture = await archiveFixture();
});
afterAll(() => fixture.dispose());

it('ends with the server that sweeps at its start, however many objects are left', async () => {
  await fixture.sql(
    `INSERT INTO archive_leftovers (object_key, session_id, store, location, noted_at)
     SELECT 'o/' || n, gen_random_uuid(), 'files', $1, '-infinity' FROM generate_series(1, 300) AS n`,
    [fixture.store.location],
  );
  const stop = new AbortController();
  let begun = 0;
  fixture.store.before = (operation) => {
    if (operation === 'delete') begun += 1;
    if (begun === 3) stop.abort();
  };
  await fixture.lifecycle.sweepAtStart(stop.signal);
  expect(begun).toBe(3);
});
