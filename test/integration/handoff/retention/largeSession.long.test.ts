import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** A session is deleted however long its entries take: the database cancels single statements, and these deletions have no end else. */

const ENTRIES = 60_000;

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
  // All entries take more than two seconds to delete, and a page of them a sixth of it.
  await fixture.sql(`CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.001); RETURN OLD; END'`);
  await fixture.sql(
    'CREATE TRIGGER slow BEFORE DELETE ON context_history FOR EACH ROW WHEN (OLD.sequence_number % 30 = 0) EXECUTE FUNCTION slow()',
  );
  fixture.database.pool.on('connect', (client) => void client.query('SET statement_timeout = 2000'));
});
afterAll(() => fixture.dispose());
beforeEach(async () => {
  await fixture.sql('TRUNCATE sessions, session_lifecycle, session_holds, deletion_records CASCADE');
  await fixture.sql(
    `INSERT INTO sessions (session_key, agent_from, status, archived_at) VALUES ('large', 'a', 'expired', now() - interval '90 days'),
       ('small', 'a', 'expired', now() - interval '89 days')`,
  );
  await fixture.sql(
    `INSERT INTO context_history (session_id, sequence_number, context_type, content)
     SELECT s.id, n, 'message', 'x' FROM sessions s, generate_series(1, CASE session_key WHEN 'large' THEN ${ENTRIES} ELSE 3 END) AS n`,
  );
});

const keys = async (): Promise<string[]> =>
  (await fixture.sql<{ session_key: string }>('SELECT session_key FROM sessions ORDER BY 1')).map(({ session_key: key }) => key);
const entries = async (): Promise<number> => (await fixture.sql('SELECT FROM context_history')).length;

it('is erased, and says how many entries it had', async () => {
  expect(await fixture.retention.erase({ sessionKey: 'large' }, 'ann')).toMatchObject({
    kind: 'erased',
    deleted: { contextEntries: ENTRIES },
  });
  expect([await keys(), await entries()]).toEqual([['small'], 3]);
});

it('is purged, and those behind it', async () => {
  expect(await fixture.lifecycle.sweeps.purge({ pauseMs: 0 })).toMatchObject({ changed: 2, isComplete: true });
  expect([await keys(), await entries()]).toEqual([[], 0]);
  expect(await fixture.sql("SELECT (deleted ->> 'entries')::int AS n FROM deletion_records ORDER BY 1")).toEqual([
    { n: 3 },
    { n: ENTRIES },
  ]);
});

it('keeps its entries if a hold comes at the worst moment', async () => {
  fixture.before.set('handoff_purge_locked', async () => {
    fixture.before.clear();
    await fixture.sql(
      "INSERT INTO session_holds (session_id, reason, placed_by) SELECT id, 'late', 'l' FROM sessions WHERE session_key = 'large'",
    );
  });
  await fixture.lifecycle.sweeps.purge({ pauseMs: 0 });
  await fixture.lifecycle.sweeps.purge({ pauseMs: 0 });
  expect([await keys(), await entries()]).toEqual([['large'], ENTRIES]);
});
