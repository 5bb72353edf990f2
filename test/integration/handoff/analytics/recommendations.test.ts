import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Recommendation } from '../../../../src/handoff/analytics/recommendations/recommendation.js';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { systemClock } from '../../../../src/time/clock.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** Each condition is made on a real database, and where the change is a statement it is carried out and helps. */

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture({
    handoffTimeoutHours: 24,
    cache: await fullCache(),
    monitoring: { alertThresholds: { memoryUsage: 60, diskUsage: 0 } },
  });
});
afterAll(() => fixture.dispose());

async function fullCache() {
  const cache = await createMemoryCache({ maxEntries: 10 }, { clock: systemClock });
  for (let n = 0; n < 10; n += 1) await cache.set(`k${n}`, 'v', 60);
  return cache;
}

async function made(code: string, about?: string): Promise<Recommendation | undefined> {
  const recommendations = await fixture.analytics.generateRecommendations();
  return recommendations.find(({ code: found, subject }) => found === code && (about ?? subject) === subject);
}

/** Statistics of a table are told when a connection has been idle for 10 s, hence pg_stat_force_next_flush(), and then not at once. */
const eventually = { timeout: 20_000, interval: 500 };
const rollUp = () => fixture.analytics.rollUp({ pauseMs: 0 });

it('of a database where nothing is wrong nothing is said, and what is not known is named', async () => {
  const first = await fixture.analytics.generateRecommendations();
  expect(first).toEqual([]);
  const names = (): Promise<unknown> =>
    fixture.analytics.generateRecommendations().then(({ unavailableFacts }) => unavailableFacts.map(({ fact }) => fact));
  expect(first.unavailableFacts.find(({ fact }) => fact === 'handoffs')?.reason).toMatch(/analytics-rollup/u);
  await rollUp();
  expect(await names()).toEqual(['statements', 'pool', 'storage']);
  expect(fixture.log.filter(([, fields]) => fields['event.name'] === 'handoff.analytics.recommend')).toHaveLength(2);
});

it('asked by several at once is looked into once', async () => {
  const runs = (): number => fixture.log.filter(([, fields]) => fields['event.name'] === 'handoff.analytics.recommend').length;
  const before = runs();
  const [one, other] = await Promise.all([fixture.analytics.generateRecommendations(), fixture.analytics.generateRecommendations()]);
  expect(one).toBe(other);
  expect(runs()).toBe(before + 1);
  expect(await fixture.analytics.generateRecommendations()).not.toBe(one);
});

describe('tables', () => {
  beforeAll(async () => {
    await fixture.sql(
      `CREATE TABLE "Notes" (session_id uuid REFERENCES sessions (id), owner int, text text) WITH (autovacuum_enabled = false)`,
    );
    await fixture.sql(`INSERT INTO sessions (session_key, agent_from) SELECT 's' || n, 'a' FROM generate_series(1, 30) n`);
    await fixture.sql(`INSERT INTO "Notes" SELECT id, n, 'x' FROM sessions, generate_series(1, 1000) n`);
    await fixture.sql('ANALYZE "Notes"');
  });

  it('a foreign key without an index, on a table that is scanned: the index is named, and helps', async () => {
    expect(await made('index_missing')).toBeUndefined();
    for (let n = 0; n < 50; n += 1) await fixture.sql(`SELECT count(*) FROM "Notes" WHERE text = 'y'`);
    await fixture.sql('SELECT pg_stat_force_next_flush()');
    await expect
      .poll(() => made('index_missing'), eventually)
      .toMatchObject({
        subject: '"Notes"',
        change: { text: 'CREATE INDEX CONCURRENTLY ON "Notes" (session_id);' },
      });
    const text = (await made('index_missing'))?.change.text ?? '';
    await fixture.sql(text);
    expect(await made('index_missing')).toBeUndefined();
  });

  it('an index whose making failed is made anew', async () => {
    await expect(fixture.sql('CREATE UNIQUE INDEX CONCURRENTLY notes_owner ON "Notes" (owner)')).rejects.toThrow(/could not create/u);
    // PostgreSQL says that it failed before it stops being under way, and until then nothing is wrong with the index.
    await expect
      .poll(() => made('index_invalid'), eventually)
      .toMatchObject({ subject: 'notes_owner', change: { text: 'REINDEX INDEX CONCURRENTLY notes_owner;' } });
    const invalid = await made('index_invalid');
    await fixture.sql(
      'UPDATE "Notes" SET owner = n FROM (SELECT ctid AS at, row_number() OVER () AS n FROM "Notes") x WHERE "Notes".ctid = x.at',
    );
    await fixture.sql(invalid?.change.text ?? '');
    expect(await made('index_invalid')).toBeUndefined();
  });

  it('rows that nobody cleans up are cleaned up', async () => {
    await fixture.sql('CREATE TABLE stale WITH (autovacuum_enabled = false) AS SELECT n FROM generate_series(1, 30000) n');
    await fixture.sql('DELETE FROM stale WHERE n <= 15000');
    await fixture.sql('SELECT pg_stat_force_next_flush()');
    await expect
      .poll(() => made('dead_rows', 'stale'), eventually)
      .toMatchObject({
        subject: 'stale',
        evidence: [{ value: 15_000 }, { value: 15_000 }],
      });
    for (const part of ((await made('dead_rows', 'stale'))?.change.text ?? '').split('; ')) await fixture.sql(part);
    await expect.poll(() => made('dead_rows', 'stale'), eventually).toBeUndefined();
  });
});

describe('what is added up', () => {
  const minutes = (n: number): string => `now() - interval '3 hours' + ${n} * interval '1 minute'`;

  it('calls that wait for a connection', async () => {
    await fixture.sql(
      `INSERT INTO system_metrics (metric_name, metric_value, metric_type, recorded_at)
       SELECT name, CASE WHEN n % 4 = 0 THEN value ELSE 0 END, 'gauge', now() - interval '2 hours' + n * interval '1 minute'
       FROM generate_series(1, 60) n, (VALUES ('database_calls_waiting', 2), ('database_connections_used', 20)) AS sample (name, value)`,
    );
    await rollUp();
    const found = await made('pool_saturated');
    expect(found?.change).toMatchObject({ kind: 'setting', variable: 'HANDOFF_PG_POOL_SIZE', from: 20 });
    expect(found?.evidence.slice(0, 3).map(({ value }) => value)).toEqual([60, 0.5, 2]);
  });

  it('a cache that is full and finds little', async () => {
    await fixture.sql(
      `INSERT INTO performance_logs (operation, duration_ms, success, metadata, created_at)
       VALUES ('cache.get', 1, true, '{"kind": "summary", "subject": "cache", "count": 2000, "hits": 500, "misses": 1500, "sumMs": 9, "minMs": 0, "maxMs": 1}', ${minutes(1)})`,
    );
    await rollUp();
    expect(await made('cache_too_small')).toMatchObject({
      change: { text: 'HANDOFF_CACHE_MAX_ENTRIES=20' },
      evidence: [{ value: 2000 }, { value: 25 }, {}, {}],
    });
  });

  it('sessions that fell asleep and stay so, and those that wake up again', async () => {
    const events = async (policy: string, type: string, count: number): Promise<unknown> =>
      fixture.sql(
        `INSERT INTO session_lifecycle (session_id, event_type, created_at)
         SELECT id, $2, ${minutes(2)} FROM sessions WHERE retention_policy = $1 ORDER BY id LIMIT $3`,
        [policy, type, count],
      );
    await fixture.sql(
      `INSERT INTO sessions (session_key, agent_from, status, is_dormant, retention_policy)
       SELECT policy || n, 'a', 'active', n <= 70, policy FROM generate_series(1, 100) n, unnest(ARRAY['standard', 'extended']) policy`,
    );
    await events('standard', 'dormant', 70);
    await events('extended', 'dormant', 70);
    await events('extended', 'reactivated', 30);
    await rollUp();
    expect(await made('sessions_stay_dormant')).toMatchObject({
      subject: 'standard',
      change: { text: expect.stringContaining('--policy standard --active-hours') },
    });
    expect(await made('sessions_wake_often')).toMatchObject({
      subject: 'extended',
      change: { text: expect.stringContaining('--dormant-hours') },
    });
  });

  async function handoffs(from: string, to: string, status: string, count: number): Promise<void> {
    await fixture.sql(
      `WITH made AS (INSERT INTO sessions (session_key, agent_from, status) SELECT gen_random_uuid(), $1::text, 'completed' FROM generate_series(1, $4::int) RETURNING id)
       INSERT INTO handoff_requests (session_id, requesting_agent, target_agent, request_type, status, created_at, answered_at, completed_at)
       SELECT id, $1::text, $2::text, 'full_handoff', $3::text, ${minutes(1)}, CASE WHEN $3::text <> 'timed_out' THEN ${minutes(30)} END, ${minutes(30)} FROM made`,
      [from, to, status, count],
    );
  }

  it('handoffs that fail, by reason and route', async () => {
    await handoffs('a', 'b', 'completed', 14);
    await handoffs('a', 'b', 'rejected', 8);
    await handoffs('a', 'c', 'completed', 20);
    await handoffs('d', 'e', 'timed_out', 10);
    await handoffs('c', 'a', 'completed', 18);
    await rollUp();
    expect(await made('handoffs_rejected')).toMatchObject({
      subject: 'a->b',
      change: { text: 'Have a hand over to c what b rejects: c accepts from it.' },
    });
    expect(await made('handoffs_time_out')).toMatchObject({
      subject: 'd->e',
      change: { kind: 'agents', text: expect.stringMatching(/^Have e look/u) },
    });
    expect(await made('handoffs_circle')).toMatchObject({ subject: 'a->c' });
  });

  it('an alert that comes and goes, and one that would come late', async () => {
    await fixture.sql(
      `INSERT INTO system_events (id, event_type, subject, server, event_data, created_at)
       SELECT gen_random_uuid(), type, 'memory', 's', jsonb_build_object('value', 62, 'threshold', 60, 'startsAt', now() - n * interval '1 hour'),
         now() - n * interval '1 hour' + CASE type WHEN 'alert_cleared' THEN interval '4 minutes' ELSE interval '0' END
       FROM generate_series(1, 8) n, unnest(ARRAY['alert_raised', 'alert_cleared']) type`,
    );
    await fixture.sql(
      `INSERT INTO performance_logs (operation, duration_ms, success, metadata, created_at)
       SELECT 'host.call', 20 + n % 20, true, '{}', now() - interval '81 hours' + n * interval '3 minutes' FROM generate_series(1, 1600) n`,
    );
    await rollUp();
    expect(await made('alert_too_tight')).toMatchObject({ subject: 'memory', change: { text: 'HANDOFF_ALERT_MEMORY_PERCENT=78' } });
    const loose = await made('alert_too_loose');
    expect(loose).toMatchObject({ subject: 'response_time', change: { variable: 'HANDOFF_ALERT_RESPONSE_TIME_MS', from: 1000 } });
    expect(loose?.change).toHaveProperty('to', 120);
  });
});
