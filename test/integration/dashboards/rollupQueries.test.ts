import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { historyBoard } from '../../../dashboards/src/boards/history/board.js';
import { freshDatabase } from '../../setup/freshDatabase.js';
import type { FreshDatabase } from '../../setup/freshDatabase.js';
import { main } from '../../../src/handoff/cli/main.js';
import { writeFullHistory } from '../handoff/analytics/fullHistory.js';
import { openDatabase, sql } from '../handoff/storage/openDatabase.js';

/** Every query of the board of history, as Grafana sends it, by the role that it uses, on rollups of a real history. */

const DAY_MS = 86_400_000;
const to = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS);
const daysBefore = (days: number): Date => new Date(to.getTime() - days * DAY_MS);
const READER = new URL('../../../dashboards/provisioning/history/reader.sql', import.meta.url);

const queries = historyBoard().rows.flatMap(({ title, panels }) =>
  panels.flatMap((panel) =>
    panel.queries.flatMap((query, index) =>
      query.source === 'postgres' ? [{ where: `${title} / ${panel.title} #${index}`, panel, query }] : [],
    ),
  ),
);

let fresh: FreshDatabase;
let reader: Client;

beforeAll(async () => {
  fresh = await freshDatabase();
  const quiet = { out: () => undefined, err: () => undefined };
  const run = async (...args: string[]): Promise<void> => expect(await main(args, { DATABASE_URL: fresh.url }, quiet)).toBe(0);
  await run('migrate');
  const database = await openDatabase(fresh.url, { poolSize: 1 });
  await writeFullHistory({ sql: (text, values) => sql(database, text, values) }, { sessions: 500, from: daysBefore(30), to, seed: 0.4 });
  await sql(
    database,
    `INSERT INTO session_lifecycle (session_id, event_type, event_data, created_at)
     SELECT session_id, 'archived', '{}', created_at + interval '1 minute' FROM session_lifecycle WHERE event_type = 'expired' AND created_at < $1`,
    [daysBefore(1)],
  );
  await run('analytics', 'backfill');
  // As much as of a year: on a small table any plan is a good one.
  await sql(
    database,
    `INSERT INTO analytics_aggregations (aggregation_type, granularity, dimension, time_bucket, aggregation_data)
     SELECT kind, 'hour', 'agent', $1::timestamptz - n * interval '3 minutes', jsonb_build_object('agent-' || n % 50, '{"opened": {"n": 1}}'::jsonb)
     FROM generate_series(1, 100000) n, (VALUES ('sessions'), ('context')) AS of (kind)`,
    [daysBefore(40)],
  );
  await sql(database, 'ANALYZE analytics_aggregations');
  await sql(database, readFileSync(READER, 'utf8'));
  await sql(database, readFileSync(READER, 'utf8'));
  await sql(database, "ALTER ROLE handoff_reader PASSWORD 'reader'");
  await database.close();
  const url = new URL(fresh.url);
  url.username = 'handoff_reader';
  url.password = 'reader';
  reader = new Client({ connectionString: String(url) });
  await reader.connect();
});
afterAll(async () => {
  await reader.end();
  // A role belongs to the whole cluster.
  const database = await openDatabase(fresh.url, { poolSize: 1 });
  await sql(database, 'DROP OWNED BY handoff_reader');
  await sql(database, 'DROP ROLE handoff_reader');
  await database.close();
  await fresh.drop();
});

/** What Grafana makes of the macros in a range. */
function expanded(expr: string, from: Date, until = to): string {
  const text = expr
    .replaceAll('$__unixEpochFrom()', String(from.getTime() / 1000))
    .replaceAll('$__unixEpochTo()', String(until.getTime() / 1000))
    .replaceAll(
      /\$__timeFilter\(([\w.]+)\)/g,
      (_, column: string) => `${column} BETWEEN '${from.toISOString()}' AND '${until.toISOString()}'`,
    );
  expect(text).not.toContain('$__');
  return text;
}

describe.each([
  ['a week, by hours', daysBefore(20), daysBefore(13)],
  ['a month, by days', daysBefore(30), to],
] as const)('in %s', (_range, from, until) => {
  it.each(queries)('$where has an answer in the form that its panel needs', async ({ query, panel }) => {
    const { rows } = await reader.query<Record<string, unknown>>(expanded(query.expr, from, until));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(Object.values(row)).not.toContain(undefined);
    if (query.format === 'time_series') {
      const times = rows.map(({ time }) => (time as Date).getTime());
      expect(Object.keys(rows[0] ?? {})).toEqual(['time', 'metric', 'value']);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(new Set(rows.map(({ time, metric }) => `${String(time)} ${String(metric)}`)).size).toBe(rows.length);
    }
    const values = rows.flatMap((row) => Object.entries(row).flatMap(([name, value]) => (name === 'value' ? [value] : [])));
    expect(values.filter((value) => value !== null && typeof value !== 'number')).toEqual([]);
    if (panel.kind !== 'table') expect(values.some((value) => Number(value) > 0)).toBe(true);
  });

  it.each(queries)('$where is answered by the key', async ({ query }) => {
    const { rows } = await reader.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${expanded(query.expr, from, until)}`);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).not.toContain('Seq Scan');
    const scans = plan.match(/on analytics_aggregations(?:_key)?|using analytics_aggregations_key/g) ?? [];
    expect(scans.length).toBeGreaterThan(0);
    for (const [condition] of plan.matchAll(/Index Cond: .*/g))
      for (const column of ['aggregation_type', 'granularity', 'dimension', 'time_bucket']) expect(condition).toContain(column);
    expect(plan).toContain('analytics_aggregations_key');
  });
});

it('sums up to what the rows say', async () => {
  const figure = queries.find(({ panel }) => panel.title === 'Sessions opened');
  const { rows } = await reader.query<{ value: number }>(expanded(figure?.query.expr ?? '', daysBefore(30)));
  expect(rows).toEqual([{ value: 500 }]);
});

it.each([
  'SELECT * FROM sessions',
  'SELECT * FROM context_history',
  'SELECT * FROM analytics_aggregations',
  "UPDATE analytics_aggregations SET dimension_value = ''",
  'CREATE TABLE mine ()',
])('the role may not: %s', async (text) => {
  await expect(reader.query(text)).rejects.toThrow(/permission denied|read-only transaction/);
});
