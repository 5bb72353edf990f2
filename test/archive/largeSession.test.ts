import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFileStore } from '../../src/handoff/archive/objects/fileStore.js';
import { handoffFixture } from '../setup/handoffFixture.js';
import type { HandoffFixture } from '../setup/handoffFixture.js';

// The largest sessions must not need as much memory as they have content, whichever way they go.

const ENTRIES = 50_000;
const BATCH = 2500;
const MEBIBYTE = 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'handoff-archive-'));
let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture({ archive: createFileStore(folder) });
});
afterAll(async () => {
  await fixture.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs work and says how far the memory of this process rose meanwhile, and how long it took. */
async function watched<T>(what: string, work: () => Promise<T>): Promise<T> {
  const before = process.memoryUsage.rss();
  let highest = before;
  const timer = setInterval(() => (highest = Math.max(highest, process.memoryUsage.rss())), 20);
  const begun = performance.now();
  const result = await work();
  clearInterval(timer);
  const risen = Math.round((highest - before) / MEBIBYTE);
  process.stderr.write(`${what}: ${Math.round(performance.now() - begun)} ms, memory rose by ${risen} MiB\n`);
  expect(risen, what).toBeLessThan(400);
  return result;
}

it('archives, pages and restores 50,000 entries and 100 MB', async () => {
  const [row] = await fixture.sql<{ id: string }>(
    "INSERT INTO sessions (session_key, agent_from, status, last_sequence_number) VALUES ('large', 'a', 'expired', $1) RETURNING id",
    [ENTRIES],
  );
  const id = row?.id ?? '';
  // Text that hardly compresses: hexadecimal digits of hashes.
  for (let first = 1; first <= ENTRIES; first += BATCH) {
    await fixture.sql(
      `INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata)
       SELECT $1, n, 'message', (SELECT string_agg(md5(n || ':' || m), '') FROM generate_series(1, 64) m), jsonb_build_object('n', n)
       FROM generate_series($2::int, $3::int) n`,
      [id, first, first + BATCH - 1],
    );
  }
  const sum = 'SELECT sum(hashtextextended(h::text, 0))::text AS sum, count(*)::int AS count FROM context_history h WHERE session_id = $1';
  const [before] = await fixture.sql(sum, [id]);
  const outcome = await watched('archive', () => fixture.archive.archive(id));
  expect(outcome).toMatchObject({ kind: 'archived', entries: ENTRIES });
  if (outcome.kind === 'archived') expect(outcome.contentBytes).toBeGreaterThan(100_000_000);
  const page = await watched('a page at the end', () =>
    fixture.sessions.context({ sessionKey: 'large', afterSequenceNumber: ENTRIES - 10, limit: 100 }),
  );
  expect(page?.contextHistory.map(({ sequenceNumber }) => sequenceNumber)).toEqual(Array.from({ length: 10 }, (_, at) => ENTRIES - 9 + at));
  await watched('verify', () => fixture.archive.verify(id));
  await watched('restore', () => fixture.archive.restore(id));
  expect((await fixture.sql(sum, [id]))[0]).toEqual(before);
});
