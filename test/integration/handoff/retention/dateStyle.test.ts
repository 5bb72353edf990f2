import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** A database that writes times as `01/12/2026 05:30:00 IST`, which pg cannot read, and PostgreSQL reads as Israel's time. */
async function indianTimes(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const name = new URL(url).pathname.slice(1);
  await client.query(`ALTER DATABASE ${name} SET datestyle = 'SQL, DMY'`);
  await client.query(`ALTER DATABASE ${name} SET timezone = 'Asia/Kolkata'`);
  await client.end();
}

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture({ prepare: indianTimes });
});
afterAll(() => fixture.dispose());

it('reads times whatever the DateStyle of the database is', async () => {
  const { session } = await fixture.sessions.register({ sessionKey: 'k', agentFrom: 'a', metadata: {} });
  expect(Math.abs(session.createdAt.getTime() - Date.now())).toBeLessThan(60_000);
  const entry = { sessionKey: 'k', contextType: 'message', content: 'x', metadata: {} } as const;
  expect(await fixture.sessions.append(entry)).toMatchObject({ kind: 'appended' });
  await fixture.retention.hold({ sessionKey: 'k' }, 'case 7', 'ann');
  await expect(fixture.retention.erase({ sessionKey: 'k' }, 'ann')).rejects.toMatchObject({ code: 'HANDOFF_LEGAL_HOLD' });
  expect(await fixture.retention.maintain()).toMatchObject({ nearLimit: false });
});

it('makes partitions for the months of UTC', async () => {
  const bounds = await fixture.sql<{ bound: string }>(
    "SELECT pg_get_expr(relpartbound, oid) AS bound FROM pg_class WHERE relkind = 'r' AND relname ~ '^system_metrics_y'",
  );
  expect(bounds.length).toBeGreaterThan(3);
  for (const { bound } of bounds)
    expect(bound).toMatch(/^FOR VALUES FROM \('\d{4}-\d\d-01 05:30:00\+05:30'\) TO \('\d{4}-\d\d-01 05:30:00\+05:30'\)$/);
});
