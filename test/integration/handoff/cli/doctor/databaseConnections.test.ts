import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../../../src/handoff/storage/database.js';
import { readFreeConnections } from '../../../../../src/handoff/analytics/recommendations/sql/statistics.js';
import { createPostgresDatabase } from '../../../../../src/handoff/storage/postgres.js';
import { systemClock } from '../../../../../src/time/clock.js';
import { freshDatabase } from '../../../../setup/freshDatabase.js';
import type { FreshDatabase } from '../../../../setup/freshDatabase.js';
import { finding } from './runDoctor.js';

let ours: FreshDatabase;
let theirs: FreshDatabase;
let owner: pg.Client;
let role: string;
let others: pg.Client[];

beforeAll(async () => {
  [ours, theirs] = await Promise.all([freshDatabase(), freshDatabase()]);
  owner = new pg.Client({ connectionString: theirs.url });
  others = [
    ...Array.from({ length: 5 }, () => new pg.Client({ connectionString: theirs.url })),
    // A handoff server, of another database.
    new pg.Client({ connectionString: theirs.url, application_name: 'ai-handoff-mcp' }),
  ];
  await Promise.all([owner, ...others].map((client) => client.connect()));
  role = `plain_${ours.url.slice(-8)}`;
  await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD 'right'`);
});
afterAll(async () => {
  await owner.query(`DROP ROLE ${role}`);
  await Promise.all([owner, ...others].map((client) => client.end()));
  await Promise.all([ours.drop(), theirs.drop()]);
});

function asRole(): string {
  const url = new URL(ours.url);
  url.username = role;
  url.password = 'right';
  return url.href;
}

async function numberOf(text: string): Promise<number> {
  const { rows } = await owner.query<{ number: number }>(`SELECT (${text})::int AS number`);
  return rows[0]?.number ?? Number.NaN;
}

const LIMIT = `current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int`;

it('the limit of the server is shared with other roles, whose connections this one does not see in full, and other databases', async () => {
  const replicas = (await numberOf(LIMIT)) - others.length + 1;
  const found = await finding('database.connections', { DATABASE_URL: asRole(), HANDOFF_PG_POOL_SIZE: '1' }, { replicas });
  expect(found).toMatchObject({ verdict: 'warning', says: expect.stringMatching(/of which others hold \d+\.$/u) });
});

it('the limit of the role is its own', async () => {
  await owner.query(`ALTER ROLE ${role} CONNECTION LIMIT 12`);
  const found = await finding('database.connections', { DATABASE_URL: asRole() });
  await owner.query(`ALTER ROLE ${role} CONNECTION LIMIT -1`);
  expect(found).toMatchObject({ verdict: 'fine' });
});

it('what recommendations take for free is free, whoever asks', async () => {
  const deps = { clock: systemClock, random: Math.random, onConnectionLost: () => undefined };
  const database: Database = await createPostgresDatabase({ connectionString: asRole() }, deps);
  try {
    const [row] = await database.query<{ free: number }>(readFreeConnections);
    expect(row?.free).toBeLessThanOrEqual((await numberOf(LIMIT)) - others.length);
  } finally {
    await database.close();
  }
});
