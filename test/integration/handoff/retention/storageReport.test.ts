import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** R6.5: who comes near the limit of the storage is told, with what would help. */

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture({ storageLimitBytes: 40_000_000 });
  for (let n = 0; n < 4; n += 1) await fixture.sessions.register({ sessionKey: `k${n}`, agentFrom: 'a', metadata: {} });
  await fixture.sql(
    `INSERT INTO session_archives (session_id, object_key, store, location, sha256, stored_bytes, content_bytes, entry_count, snapshot_count, handoff_count)
     SELECT id, session_key, 'files', '/', 'x', 1000, 5000, 1, 0, 0 FROM sessions WHERE session_key IN ('k0', 'k1', 'k2')`,
  );
  await fixture.sql("UPDATE sessions SET status = 'expired', archived_at = now() - interval '16 days' WHERE session_key IN ('k0', 'k1')");
  await fixture.sql("UPDATE sessions SET status = 'expired', archived_at = now() - interval '1 day' WHERE session_key = 'k2'");
  await fixture.retention.hold({ sessionKey: 'k1' }, 'case 7', 'ann');
  await fixture.sql("SELECT handoff_create_monthly_partitions('performance_logs', now() - interval '4 months', now())");
  await fixture.sql(
    "INSERT INTO performance_logs (operation, duration_ms, success, created_at) SELECT repeat('x', 90), n, true, now() - interval '70 days' FROM generate_series(1, 5000) AS n",
  );
  await fixture.sql('ANALYZE');
});
afterAll(() => fixture.dispose());

it('measures tables, partitions and the archive, and adds up to the database', async () => {
  const report = await fixture.retention.storageReport();
  expect(report.archive).toEqual({ objects: 3, bytes: 3000 });
  const partition = report.tables.find(({ table, rows }) => table === 'performance_logs' && rows === 5000);
  expect(partition).toMatchObject({ partition: expect.stringMatching(/^performance_logs_y\d{4}m\d\d$/) });
  expect(partition?.tableBytes).toBeGreaterThan(500_000);
  expect(partition?.indexBytes).toBeGreaterThan(100_000);
  expect(report.tables.find(({ table }) => table === 'sessions')).toMatchObject({ rows: 4 });
  expect(report.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(report.totalBytes);
  expect(report.totalBytes).toBe(report.databaseBytes + 3000);
  expect(report).toMatchObject({ limitBytes: 40_000_000, growthBytesPerDay: null, daysLeft: null, nearLimit: false });
});

it('suggests changes with what they free, and what is on hold frees nothing', async () => {
  const { suggestions } = await fixture.retention.storageReport();
  expect(suggestions.map(({ policy, setting, from, to }) => [policy, setting, from, to])).toEqual([
    ['extended', 'logRetentionDays', 30, 15],
    ['standard', 'archivedSessionTtl', 30, 15],
  ]);
  expect(suggestions[0]?.freesBytes).toBeGreaterThan(600_000);
  expect(suggestions[1]?.freesBytes).toBe(1000);
});

it('keeps one sample an hour, and tells the growth and the days left from samples of six hours or more', async () => {
  const samples = () =>
    fixture.sql<{ n: number }>("SELECT count(*)::int AS n FROM system_metrics WHERE metric_name = 'handoff.storage.size'");
  await Promise.all([fixture.retention.storageReport(), fixture.retention.storageReport()]);
  expect(await samples()).toEqual([{ n: 6 }]);
  expect(fixture.log.filter(([, fields]) => fields['event.name'] === 'handoff.storage.near_limit')).toEqual([]);
  // Two days ago the context was 2,000,000 bytes smaller, and one day ago half of that.
  const { parts, totalBytes } = await fixture.retention.storageReport();
  for (const days of [1, 2])
    for (const { part, bytes } of parts)
      await fixture.sql(
        "INSERT INTO system_metrics (metric_name, metric_value, metric_type, labels, recorded_at) SELECT 'handoff.storage.size', $1, 'gauge', labels, recorded_at - make_interval(days => $2) FROM system_metrics WHERE labels ->> 'part' = $3 AND recorded_at > now() - interval '1 hour'",
        [bytes - (part === 'context' ? days * 1_000_000 : 0), days, part],
      );
  const report = await fixture.retention.storageReport();
  expect(Math.abs((report.growthBytesPerDay ?? 0) - 1_000_000)).toBeLessThan(150_000);
  expect(report.parts.find(({ part }) => part === 'context')?.growthBytesPerDay).toBeGreaterThan(900_000);
  expect(report.daysLeft).toBeCloseTo((40_000_000 - report.totalBytes) / (report.growthBytesPerDay ?? 0), 5);
  expect(report.totalBytes - totalBytes).toBeLessThan(1_000_000);
});

it('warns with figures and suggestions when the limit is near', async () => {
  const records: unknown[] = [];
  const log = { info: () => undefined, warn: (fields: object) => void records.push(fields), error: () => undefined };
  const { database, cache } = fixture;
  const report = await createHandoffServices({ database, cache, log, storageLimitBytes: 1_048_576 }).retention.storageReport();
  expect(report.nearLimit).toBe(true);
  expect(records).toEqual([
    {
      'event.name': 'handoff.storage.near_limit',
      limitBytes: 1_048_576,
      totalBytes: report.totalBytes,
      daysLeft: 0,
      suggestions: report.suggestions.map(({ text }) => text),
    },
  ]);
});

it('goes on keeping samples when the clock of the database, which was ahead, is put back', async () => {
  await fixture.sql("DELETE FROM system_metrics WHERE metric_name = 'handoff.storage.size'");
  await fixture.sql(
    "INSERT INTO system_metrics (metric_name, metric_value, metric_type, labels, recorded_at) VALUES ('handoff.storage.size', 1, 'gauge', '{}', now() + interval '20 days')",
  );
  await fixture.retention.storageReport();
  await fixture.retention.storageReport();
  expect(await fixture.sql("SELECT FROM system_metrics WHERE metric_name = 'handoff.storage.size' AND recorded_at <= now()")).toHaveLength(
    6,
  );
});

it('measures the tables where they are, also when a schema that comes earlier in the search path was made later', async () => {
  await fixture.sql('CREATE SCHEMA AUTHORIZATION CURRENT_USER');
  const { tables } = await fixture.retention.storageReport();
  expect(tables.find(({ table }) => table === 'sessions')).toMatchObject({ rows: 4 });
});
