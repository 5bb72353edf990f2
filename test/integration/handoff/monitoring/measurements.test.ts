import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeMeasurements } from '../../../../src/handoff/monitoring/sql/writeMeasurements.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
  const client = await fixture.connect();
  for (const key of ['one', 'two', 'three']) {
    await client.callTool({ name: 'register_session', arguments: { sessionKey: key, agentFrom: 'a' } });
    await client.callTool({ name: 'update_context', arguments: { sessionKey: key, contextType: 'message', content: 'text' } });
    await client.callTool({ name: 'get_context', arguments: { sessionKey: key } });
  }
  await client.callTool({ name: 'get_context', arguments: { sessionKey: 'none' } });
  fixture.monitoring.recordPerformanceMetrics('their_own', { duration: 5, success: true });
  fixture.monitoring.start();
  while (fixture.monitoring.getSystemMetrics().sessions.active === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
  // Writes what there is so far.
  await fixture.monitoring.stop();
});
afterAll(() => fixture.dispose());

interface Row {
  operation: string;
  duration_ms: number;
  success: boolean;
  metadata: Record<string, unknown>;
}

async function summary(operation: string): Promise<Row | undefined> {
  const rows = await fixture.sql<Row>(
    "SELECT operation, duration_ms, success, metadata FROM performance_logs WHERE operation = $1 AND metadata ->> 'kind' = 'summary' ORDER BY created_at LIMIT 1",
    [operation],
  );
  return rows[0];
}

it('a summary of each operation is written, with a sketch that has its runs', async () => {
  const row = await summary('handoff.session.register');
  expect(row).toMatchObject({ success: true, metadata: { subject: 'operation', count: 3, failures: 0 } });
  expect(row?.duration_ms).toBeCloseTo(Number(row?.metadata['sumMs']) / 3);
  expect(decodeFromCompressedBase64(String(row?.metadata['sketch'])).totalCount).toBe(3);
  expect(await summary('their_own')).toMatchObject({ metadata: { count: 1, sumMs: 5, maxMs: 5 } });
});

// An earlier server started none of this, and counted failures as successes (defect D14).
it('a failure is a failure, and has a row of its own', async () => {
  expect(await summary('handoff.context.read')).toMatchObject({ success: false, metadata: { count: 4, failures: 1 } });
  const failed = await fixture.sql<Row>("SELECT operation, success, metadata FROM performance_logs WHERE metadata ->> 'kind' = 'failed'");
  expect(failed).toEqual([
    {
      operation: 'handoff.context.read',
      success: false,
      metadata: { kind: 'failed', subject: 'operation', errorType: expect.any(String) },
    },
  ]);
});

it('statements and the cache are measured by their names', async () => {
  const statements = await fixture.sql<{ operation: string }>(
    "SELECT operation FROM performance_logs WHERE metadata ->> 'subject' = 'statement' AND metadata ->> 'kind' = 'summary'",
  );
  expect(statements.length).toBeGreaterThanOrEqual(3);
  expect(statements.every(({ operation }) => operation.startsWith('handoff_'))).toBe(true);
  expect(await summary('cache.set')).toMatchObject({ success: true, metadata: { subject: 'cache', failures: 0 } });
  const { database } = fixture.monitoring.getSystemMetrics();
  expect(database.queryCount).toBeGreaterThan(5);
  expect(database.avgResponseTime).toBeGreaterThan(0);
  expect(database.slowest?.[0]).toMatchObject({ statement: expect.stringMatching(/^handoff_/), count: expect.any(Number) });
});

it('performance_monitoring_view counts the calls behind the summaries, and no sample twice', async () => {
  await fixture.sql("INSERT INTO performance_logs (operation, duration_ms, success) VALUES ('earlier', 10, true), ('earlier', 20, true)");
  await fixture.sql(`INSERT INTO performance_logs (operation, duration_ms, success, metadata) VALUES
    ('both', 2, true, '{"kind": "summary", "count": 3, "sumMs": 6, "maxMs": 4}'), ('both', 3000, true, '{"kind": "slow"}'),
    ('both', 30, true, '{"kind": "summary", "count": 1, "sumMs": 30, "maxMs": 30}'), ('odd', 7, true, '{"kind": "summary", "count": "x"}')`);
  const view = await fixture.sql<{ operation: string }>(
    `SELECT operation, calls::int AS calls, avg_duration_ms::float8 AS avg, max_duration_ms::float8 AS max FROM performance_monitoring_view
     WHERE operation IN ('earlier', 'both', 'odd', 'handoff.context.read') ORDER BY operation`,
  );
  expect(view).toEqual([
    { operation: 'both', calls: 4, avg: 9, max: 3000 },
    { operation: 'earlier', calls: 2, avg: 15, max: 20 },
    { operation: 'handoff.context.read', calls: 4, avg: expect.any(Number), max: expect.any(Number) },
    { operation: 'odd', calls: 1, avg: 7, max: 7 },
  ]);
});

it('a batch that is written twice is there once, and rows of erased sessions name none', async () => {
  const id = '00000000-0000-4000-8000-000000000009';
  const [known] = await fixture.sql<{ id: string }>("SELECT id FROM sessions WHERE session_key = 'one'");
  const row = (session: string): object => ({
    operation: 'twice',
    duration_ms: 1,
    success: true,
    session_id: session,
    metadata: {},
    age_ms: 60_000,
  });
  const logs = JSON.stringify([row(known?.id ?? ''), row('00000000-0000-4000-8000-000000000001')]);
  const metrics = JSON.stringify(['a', 'b'].map((name, at) => ({ name, value: at, type: 'gauge', labels: {}, first: at === 0 })));
  for (let at = 0; at < 2; at += 1) await fixture.database.query(writeMeasurements, [id, logs, metrics, 60_000]);
  expect(
    await fixture.sql(
      "SELECT session_id, (now() - created_at > interval '59 seconds') AS old FROM performance_logs WHERE operation = 'twice' ORDER BY 1",
    ),
  ).toEqual([
    { session_id: known?.id, old: true },
    { session_id: null, old: true },
  ]);
  expect(await fixture.sql("SELECT metric_name FROM system_metrics WHERE metric_name IN ('a', 'b') ORDER BY 1")).toEqual([
    { metric_name: 'a' },
    { metric_name: 'b' },
  ]);
});

it('a snapshot has what was measured', async () => {
  const rows = await fixture.sql<{ name: string; value: number }>(
    'SELECT DISTINCT metric_name AS name, metric_value::float8 AS value FROM system_metrics',
  );
  expect(rows.find(({ name }) => name === 'memory_used_bytes')?.value).toBeGreaterThan(1_000_000);
  expect(rows.filter(({ name, value }) => name === 'sessions' && value === 3)).toHaveLength(1);
});
