import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Recommendation } from '../../../../src/handoff/analytics/recommendations/recommendation.js';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import { createPostgresDatabase } from '../../../../src/handoff/storage/postgres.js';
import { systemClock } from '../../../../src/time/clock.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { startThrowawayPostgres } from '../../../setup/throwawayPostgres.js';
import type { ThrowawayServer } from '../../../setup/throwawayServer.js';

/** What is recommended where the server counts its statements. */

let server: ThrowawayServer;
let fixture: HandoffFixture;
beforeAll(async () => {
  server = await startThrowawayPostgres({ settings: { shared_preload_libraries: 'pg_stat_statements' } });
  fixture = await handoffFixture({ serverUrl: server.url });
  await fixture.sql('CREATE TABLE notes AS SELECT n % 5000 AS owner, repeat(md5(n::text), 16) AS words FROM generate_series(1, 20000) n');
  await fixture.sql('ANALYZE notes');
}, 120_000);
afterAll(async () => {
  await fixture.dispose();
  await server.stop();
});

async function made(code: string): Promise<Recommendation | undefined> {
  return (await fixture.analytics.generateRecommendations()).find((recommendation) => recommendation.code === code);
}
const unavailable = async (): Promise<readonly string[]> =>
  (await fixture.analytics.generateRecommendations()).unavailableFacts.map(({ fact, reason }) => `${fact}: ${reason}`);
const eventually = { timeout: 30_000, interval: 500 };
const SECRET = 'hunter2';

it('says that the extension is missing, and nothing of statements', async () => {
  expect(await unavailable()).toContainEqual(
    expect.stringMatching(/^statements: The extension pg_stat_statements is not in this database/u),
  );
  await fixture.sql('CREATE EXTENSION pg_stat_statements');
  expect(await unavailable()).not.toContainEqual(expect.stringMatching(/^statements/u));
});

it('a column that statements compare and that has no index: the index is named, and helps', async () => {
  for (let n = 0; n < 50; n += 1) await fixture.sql('SELECT count(*) FROM notes WHERE owner = $1', [n]);
  await fixture.sql('SELECT pg_stat_force_next_flush()');
  await expect
    .poll(() => made('index_missing'), eventually)
    .toMatchObject({
      subject: 'notes',
      change: { text: 'CREATE INDEX CONCURRENTLY ON notes (owner);' },
    });
  await fixture.sql((await made('index_missing'))?.change.text ?? '');
  expect(await made('index_missing')).toBeUndefined();
});

it('a statement that is slow, by its number; its text and its values are not told', async () => {
  const slow = (): Promise<unknown> => fixture.database.pool.query(`SELECT pg_sleep(0.6), '${SECRET}' AS value`);
  await Promise.all(Array.from({ length: 20 }, slow));
  const found = await made('statement_slow');
  const [row] = await fixture.sql<{ id: string }>(
    "SELECT queryid::text AS id FROM pg_stat_statements WHERE query LIKE '%pg_sleep%' AND calls >= 20",
  );
  expect(found).toMatchObject({ subject: `queryid ${row?.id}`, evidence: [{ value: 20 }, { unit: 'ms' }, { unit: '%' }] });
  expect(JSON.stringify(await fixture.analytics.generateRecommendations())).not.toMatch(new RegExp(`${SECRET}|pg_sleep`, 'u'));
});

it('a statement that sorts on disk has room in memory after the change', async () => {
  const sort = 'SELECT words FROM notes ORDER BY words DESC, owner OFFSET 19999';
  for (let n = 0; n < 20; n += 1) await fixture.sql(sort);
  const found = await made('statement_spills');
  expect(found?.evidence.map(({ value }) => value)).toEqual([20, expect.any(Number), 4_194_304]);
  await fixture.sql(found?.change.text ?? '');
  const spilled = async (): Promise<unknown> =>
    fixture.sql("SELECT temp_blks_written FROM pg_stat_statements WHERE query LIKE 'SELECT words%'");
  const before = await spilled();
  // The change is for connections that are opened afterwards.
  const client = new Client({ connectionString: await urlFor(server.url) });
  await client.connect();
  await client.query(sort);
  await client.end();
  expect(await spilled()).toEqual(before);
});

it('says what to grant where the role may not read it', async () => {
  await fixture.sql("CREATE ROLE reader LOGIN PASSWORD 'reader'");
  await fixture.sql('GRANT ALL ON ALL TABLES IN SCHEMA public TO reader');
  await fixture.sql('REVOKE ALL ON pg_stat_statements FROM PUBLIC, reader');
  const url = new URL(await urlFor(server.url));
  url.username = 'reader';
  url.password = 'reader';
  const database = await createPostgresDatabase(
    { connectionString: url.href },
    { clock: systemClock, random: Math.random, onConnectionLost: () => undefined },
  );
  const { analytics } = createHandoffServices({ database, cache: fixture.cache, log: silent });
  const { unavailableFacts } = await analytics.generateRecommendations();
  await database.close();
  const reason = 'The role of the server may not read it: GRANT pg_read_all_stats to it.';
  expect(unavailableFacts.find(({ fact }) => fact === 'statements')).toEqual({ fact: 'statements', reason });
});

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function urlFor(serverUrl: string): Promise<string> {
  const url = new URL(serverUrl);
  const [row] = await fixture.sql<{ name: string }>('SELECT current_database() AS name');
  url.pathname = `/${row?.name}`;
  return url.href;
}
