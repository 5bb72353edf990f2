import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** R6.2, D15: logs and metrics go when their retention has passed, by whole partitions; nothing else does. */

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());

const LOG_TABLES = { session_lifecycle: 'created_at', performance_logs: 'created_at', system_metrics: 'recorded_at' } as const;

async function partitions(table: keyof typeof LOG_TABLES): Promise<string[]> {
  const rows = await fixture.sql<{ name: string }>(
    'SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass ORDER BY 1',
    [table],
  );
  return rows.map(({ name }) => name);
}

/** Names of the month that many months ago. */
async function month(ago: number): Promise<string> {
  const [row] = await fixture.sql<{ name: string }>(
    `SELECT to_char(date_trunc('month', now() AT TIME ZONE 'UTC') - $1 * interval '1 month', '"y"YYYY"m"MM') AS name`,
    [ago],
  );
  return row?.name ?? '';
}

const monthsAgo = (n: number): string =>
  `date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - interval '${n} months' + interval '10 days'`;

/** A partition of each table for the last five months, with a row in each. */
async function fillFiveMonths(): Promise<void> {
  for (const table of Object.keys(LOG_TABLES))
    await fixture.sql(`SELECT handoff_create_monthly_partitions('${table}', ${monthsAgo(5)}, now())`);
  for (let n = 1; n <= 5; n += 1) await fillMonth(n);
}

async function fillMonth(n: number): Promise<void> {
  await fixture.sql(
    `INSERT INTO session_lifecycle (session_id, event_type, created_at) VALUES (gen_random_uuid(), 'month ${n}', ${monthsAgo(n)})`,
  );
  await fixture.sql(
    `INSERT INTO performance_logs (operation, duration_ms, success, created_at) VALUES ('month ${n}', 0.25, true, ${monthsAgo(n)})`,
  );
  await fixture.sql(
    `INSERT INTO system_metrics (metric_name, metric_value, metric_type, recorded_at) VALUES ('month ${n}', 1, 'gauge', ${monthsAgo(n)})`,
  );
}

const rowsOf = async (table: keyof typeof LOG_TABLES): Promise<number> =>
  (await fixture.sql<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]?.n ?? -1;

describe('old log and metric partitions', () => {
  beforeEach(fillFiveMonths);

  it('are dropped when they lie wholly before the longest retention of all policies', async () => {
    // Logs are kept 30 days (extended), metrics 90: of the last five months of logs at least three go, of metrics at least one.
    const result = await fixture.retention.maintainPartitions();
    expect(result).toMatchObject({ made: 0, postponed: 0, strayRows: 0 });
    const [second, third, fifth] = [await month(2), await month(3), await month(5)];
    for (const table of ['session_lifecycle', 'performance_logs'] as const) {
      expect(result.dropped).toEqual(expect.arrayContaining([`${table}_${third}`, `${table}_${fifth}`]));
      expect(await partitions(table)).not.toContain(`${table}_${third}`);
      expect(await partitions(table)).toContain(`${table}_${await month(1)}`);
      expect(await partitions(table)).toContain(`${table}_default`);
    }
    expect(await partitions('system_metrics')).not.toContain(`system_metrics_${fifth}`);
    expect(await partitions('system_metrics')).toContain(`system_metrics_${second}`);
    expect(await fixture.sql("SELECT FROM pg_class WHERE relname ~ '_expired'")).toEqual([]);
    expect(await fixture.retention.maintainPartitions()).toMatchObject({ made: 0, dropped: [] });
  });

  it('stay for as long as any policy wants them', async () => {
    const long = { name: 'long', activeSessionTtl: 1, archivedSessionTtl: 1, logRetentionDays: 400, metricsRetentionDays: 400 };
    await fixture.retention.updatePolicy(long, 'ann');
    expect(await fixture.retention.maintainPartitions()).toMatchObject({ dropped: [] });
    await fixture.retention.removePolicy('long', 'ann');
    expect((await fixture.retention.maintainPartitions()).dropped.length).toBeGreaterThan(6);
  });

  it('are dropped once by several replicas at once', async () => {
    const results = await Promise.all([1, 2, 3, 4].map(() => fixture.retention.maintainPartitions()));
    const dropped = results.flatMap((result) => result.dropped);
    expect(new Set(dropped).size).toBe(dropped.length);
    expect(dropped.length).toBeGreaterThan(6);
    expect(results.map(({ postponed }) => postponed)).toEqual([0, 0, 0, 0]);
  });

  it('are dropped by the next run when a process died between detaching and dropping', async () => {
    // From the first table that is detached on, nothing of the process comes through any more.
    const killed = async (): Promise<void> => {
      const [marked] = await fixture.sql("SELECT FROM pg_class WHERE relname ~ '_expired$'");
      if (marked !== undefined) throw new Error('killed');
    };
    for (const statement of ['handoff_drop_partition', 'handoff_detach_partition']) fixture.before.set(statement, killed);
    await expect(fixture.retention.maintainPartitions()).rejects.toMatchObject({ cause: { message: 'killed' } });
    fixture.before.clear();
    expect(await fixture.sql("SELECT FROM pg_class WHERE relname ~ '_expired$' AND relkind = 'r'")).toHaveLength(1);
    expect((await fixture.retention.maintainPartitions()).dropped).toContain(`session_lifecycle_${await month(5)}`);
    expect(await fixture.sql("SELECT FROM pg_class WHERE relname ~ '_expired'")).toEqual([]);
  });

  it('go also if a server detached them that did not mark them yet, but no table of somebody else goes', async () => {
    const theirs = ['performance_logs_copy_expired', `performance_logs_${await month(5)}_copy_expired`, 'performance_logs_expired'];
    for (const table of theirs) await fixture.sql(`CREATE TABLE ${table} AS SELECT 1 AS kept`);
    const detached = `performance_logs_${await month(5)}`;
    await fixture.sql(`ALTER TABLE performance_logs DETACH PARTITION ${detached}`);
    await fixture.sql(`ALTER TABLE ${detached} RENAME TO ${detached}_expired`);
    try {
      expect((await fixture.retention.maintainPartitions()).dropped).toContain(detached);
      for (const table of theirs) expect(await fixture.sql(`SELECT kept FROM ${table}`)).toEqual([{ kept: 1 }]);
    } finally {
      for (const table of theirs) await fixture.sql(`DROP TABLE IF EXISTS ${table}`);
    }
  });

  it('are left to the next run while somebody reads them for long, and writers wait a fifth of a second at most each time', async () => {
    const before = await partitions('performance_logs');
    let stop = false;
    let slowestMs = 0;
    await fixture.database.transaction(async (q) => {
      await q.query({ name: 'test_read', text: 'SELECT FROM performance_logs LIMIT 1' });
      const writer = (async () => {
        while (!stop) {
          const startMs = performance.now();
          await fixture.sql("INSERT INTO performance_logs (operation, duration_ms, success) VALUES ('beside', 1, true)");
          slowestMs = Math.max(slowestMs, performance.now() - startMs);
        }
      })();
      const result = await fixture.retention.maintainPartitions();
      stop = true;
      await writer;
      expect(result.postponed).toBe(1);
      expect(await partitions('performance_logs')).toEqual(before);
      expect(result.dropped.some((name) => name.startsWith('session_lifecycle'))).toBe(true);
    });
    // It did wait, for each of the attempts but not longer.
    expect(slowestMs).toBeGreaterThan(100);
    expect(slowestMs).toBeLessThan(1500);
    expect(await fixture.retention.maintainPartitions()).toMatchObject({ postponed: 0 });
  });

  it('keep the events of sessions on hold, until the hold ends', async () => {
    const { session } = await fixture.sessions.register({ sessionKey: 'held', agentFrom: 'a', metadata: {} });
    await fixture.sql(`INSERT INTO session_lifecycle (session_id, event_type, created_at) VALUES ($1, 'of a case', ${monthsAgo(4)})`, [
      session.id,
    ]);
    await fixture.retention.hold({ sessionId: session.id }, 'case 7', 'ann');
    const dropped = (await fixture.retention.maintainPartitions()).dropped;
    expect(dropped).toContain(`session_lifecycle_${await month(4)}`);
    const events = () => fixture.sql("SELECT tableoid::regclass::text AS place FROM session_lifecycle WHERE event_type = 'of a case'");
    expect(await events()).toEqual([{ place: 'session_lifecycle_default' }]);
    expect(await fixture.retention.maintainPartitions()).toMatchObject({ strayRows: 0 });
    await fixture.retention.release({ sessionId: session.id }, 'ann');
    expect(await fixture.retention.maintainPartitions()).toMatchObject({ strayRows: 1 });
    expect(await events()).toEqual([]);
  });
});

describe('coming months', () => {
  it('are left to the next run while somebody writes for long, and other writers wait a fifth of a second at most each time', async () => {
    await fixture.sql(`DROP TABLE performance_logs_${await month(-2)}`);
    const insert = "INSERT INTO performance_logs (operation, duration_ms, success) VALUES ('beside', 1, true)";
    let stop = false;
    let slowestMs = 0;
    await fixture.database.transaction(async (q) => {
      await q.query({ name: 'test_write', text: insert });
      const writer = (async () => {
        while (!stop) {
          const startMs = performance.now();
          await fixture.sql(insert);
          slowestMs = Math.max(slowestMs, performance.now() - startMs);
        }
      })();
      expect(await fixture.retention.maintainPartitions()).toMatchObject({ made: 0, postponed: 1 });
      stop = true;
      await writer;
    });
    expect(slowestMs).toBeGreaterThan(100);
    expect(slowestMs).toBeLessThan(1500);
    expect(await fixture.retention.maintainPartitions()).toMatchObject({ made: 1, postponed: 0 });
  });

  it('are made for the tables that nobody holds, whose writers do not wait for one that somebody does', async () => {
    for (const table of ['session_lifecycle', 'performance_logs']) await fixture.sql(`DROP TABLE ${table}_${await month(-2)}`);
    await fixture.database.transaction(async (q) => {
      await q.query({
        name: 'test_hold',
        text: "INSERT INTO performance_logs (operation, duration_ms, success) VALUES ('holds', 1, true)",
      });
      expect(await fixture.retention.maintainPartitions()).toMatchObject({ made: 1, postponed: 1 });
      expect(await partitions('session_lifecycle')).toContain(`session_lifecycle_${await month(-2)}`);
    });
    expect(await fixture.retention.maintainPartitions()).toMatchObject({ made: 1, postponed: 0 });
  });

  it('have partitions ahead, made again when they are missing, and rows that came meanwhile move there', async () => {
    const name = `performance_logs_${await month(-2)}`;
    await fixture.sql(`DROP TABLE ${name}`);
    // A clock that runs ahead, and a month for which there never will be a partition in time.
    await fixture.sql(
      `INSERT INTO performance_logs (operation, duration_ms, success, created_at) VALUES ('ahead', 1, true, ${monthsAgo(-2)})`,
    );
    await fixture.sql(
      "INSERT INTO performance_logs (operation, duration_ms, success, created_at) VALUES ('far ahead', 1, true, now() + interval '20 years')",
    );
    const rows = await rowsOf('performance_logs');
    expect(await fixture.retention.maintainPartitions()).toMatchObject({ made: 1 });
    expect(await rowsOf('performance_logs')).toBe(rows);
    expect(
      await fixture.sql(
        "SELECT operation, tableoid::regclass::text AS place FROM performance_logs WHERE operation LIKE '%ahead' ORDER BY 1",
      ),
    ).toEqual([
      { operation: 'ahead', place: name },
      { operation: 'far ahead', place: 'performance_logs_default' },
    ]);
  });
});

it('rows of before the retention in no partition are deleted, and no others', async () => {
  await fixture.sql(
    "INSERT INTO performance_logs (operation, duration_ms, success, created_at) SELECT 'old clock', 1, true, now() - n * interval '1 year' FROM generate_series(1, 30) AS n",
  );
  const recent = await rowsOf('performance_logs');
  expect(await fixture.retention.maintainPartitions()).toMatchObject({ strayRows: 30 });
  expect(await rowsOf('performance_logs')).toBe(recent - 30);
});

describe('a table that refuses', () => {
  it('keeps neither the others from their turn nor what else the maintenance does', async () => {
    await fillFiveMonths();
    const old = `session_lifecycle_${await month(5)}`;
    await fixture.sql(`CREATE VIEW somebodys_own AS SELECT * FROM ${old}`);
    await fixture.sql("DELETE FROM system_metrics WHERE metric_name = 'handoff.storage.size'");
    await expect(fixture.retention.maintain()).rejects.toMatchObject({ code: '2BP01' });
    expect(await partitions('system_metrics')).not.toContain(`system_metrics_${await month(5)}`);
    expect(await partitions('performance_logs')).not.toContain(`performance_logs_${await month(5)}`);
    expect(await fixture.sql("SELECT FROM system_metrics WHERE metric_name = 'handoff.storage.size'")).not.toHaveLength(0);
    await fixture.sql('DROP VIEW somebodys_own');
    expect(await fixture.retention.maintain()).toMatchObject({ dropped: expect.arrayContaining([old]) });
  });
});
