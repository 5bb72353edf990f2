import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import type { HandoffServices } from '../../../../src/handoff/services.js';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { migrate } from '../../../../src/handoff/storage/migrate/migrate.js';
import type { EmbeddedDatabase } from '../../../../src/handoff/storage/embedded/openEmbeddedDatabase.js';
import { systemClock } from '../../../../src/time/clock.js';
import { createScratch } from '../storage/embedded/scratch.js';

/** The same sweeps on the embedded database, whose one backend serves all connections. */

const scratch = createScratch();
/** What the build makes; with it, the database is there in a second. */
const prepared = new URL('../../../../dist/handoff/storage/embedded/prepared.br', import.meta.url);
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
let database: EmbeddedDatabase;
let services: HandoffServices;
beforeAll(async () => {
  database = await scratch.open(await scratch.emptyFolder(), { waitMs: 150_000, prepared });
  await migrate(database, {}, { clock: systemClock, random: Math.random });
  services = createHandoffServices({ database, cache: await createMemoryCache({}, { clock: systemClock }), log: quiet });
});
afterAll(() => scratch.cleanUp());

const sql = async <Row extends object>(text: string): Promise<Row[]> => (await database.pool.query<Row>(text)).rows;

it('everything that is due is swept, once, by several at the same time', async () => {
  await sql(
    `INSERT INTO sessions (session_key, agent_from, created_at, last_activity_at, expires_at, ttl_hours, status, archived_at)
     SELECT 'k' || n, 'a', now() - interval '40 days',
       now() - CASE WHEN n % 5 = 0 THEN interval '3 hours' ELSE interval '30 days' END,
       CASE WHEN n % 5 IN (0, 4) THEN now() + interval '60 days' ELSE now() - interval '1 hour' END,
       CASE WHEN n % 5 IN (0, 4) THEN 2400 ELSE 24 END,
       CASE WHEN n > 50 THEN 'completed' ELSE 'active' END,
       CASE WHEN n > 50 THEN now() - interval '35 days' END
     FROM generate_series(1, 60) AS n`,
  );
  await Promise.all([1, 2, 3].map(() => services.lifecycle.sweepAtStart()));
  expect(await sql('SELECT event_type, count(*)::int AS n FROM session_lifecycle GROUP BY 1 ORDER BY 1')).toEqual([
    { event_type: 'archived', n: 40 },
    { event_type: 'dormant', n: 20 },
    { event_type: 'expired', n: 40 },
    { event_type: 'purged', n: 10 },
  ]);
  expect(await sql("SELECT count(*)::int AS n FROM sessions WHERE status = 'active' AND is_dormant")).toEqual([{ n: 10 }]);
});

it('an operator can end, rest and wake a session, and is refused where it cannot be', async () => {
  const { session } = await services.sessions.register({ sessionKey: 'one', agentFrom: 'a', metadata: {} });
  await services.lifecycle.markSessionDormant(session.id);
  await services.lifecycle.reactivateSession(session.id);
  await services.lifecycle.scheduleExpiration(session.id, new Date('2030-01-01'));
  await services.lifecycle.expireSession(session.id);
  await expect(services.lifecycle.reactivateSession(session.id)).rejects.toMatchObject({ code: 'HANDOFF_TRANSITION_REFUSED' });
  expect(
    (
      await sql<{ event_type: string }>(
        `SELECT event_type FROM session_lifecycle WHERE session_id = '${session.id}' AND event_data ->> 'cause' = 'operator' ORDER BY created_at`,
      )
    ).map(({ event_type: type }) => type),
  ).toEqual(['dormant', 'reactivated', 'expiration_scheduled', 'expired']);
});
