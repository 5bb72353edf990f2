import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFileStore } from '../../../../src/handoff/archive/objects/fileStore.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

async function indianTimes(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET timezone = 'Asia/Kolkata'`);
  await client.end();
}

let fixture: HandoffFixture;
const folder = mkdtempSync(join(tmpdir(), 'handoff-time-zone-'));
beforeAll(async () => {
  fixture = await handoffFixture({ prepare: indianTimes, archive: createFileStore(folder) });
});
afterAll(async () => {
  await fixture.dispose();
  rmSync(folder, { recursive: true, force: true });
});

it('events tell times in UTC, whatever the time zone of the database is', async () => {
  const registered = await fixture.sessions.register({ sessionKey: 'k', agentFrom: 'a', metadata: {} });
  const { id, expiresAt } = registered.session;
  await fixture.lifecycle.scheduleExpiration(id, new Date('2031-02-03T04:05:06.789Z'));
  await fixture.sql("UPDATE sessions SET expires_at = NULL, last_activity_at = '2020-01-01T00:00:00Z', ttl_hours = 1");
  await fixture.lifecycle.sweeps.expired();
  await fixture.lifecycle.archiveSession(id);
  await fixture.archive.restore(id);
  const events = await fixture.sql<{ expires_at: string }>(
    "SELECT event_data ->> 'expires_at' AS expires_at FROM session_lifecycle WHERE event_data ? 'expires_at' ORDER BY created_at, id",
  );
  const [restored] = await fixture.sql<{ expires_at: Date }>('SELECT expires_at FROM sessions');
  expect(events.map(({ expires_at: time }) => time)).toEqual([
    expiresAt?.toISOString(),
    '2031-02-03T04:05:06.789Z',
    '2020-01-01T01:00:00.000Z',
    restored?.expires_at.toISOString(),
  ]);
});
