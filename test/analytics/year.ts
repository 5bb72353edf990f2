import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { writeCalls, writeSamples } from '../integration/handoff/analytics/fullHistory.js';
import { randomFrom, writeHistory } from '../integration/handoff/analytics/history.js';
import type { Sql } from './sql.js';

interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** Sessions, each with about seven rows, calls that have a row each, and summaries of many calls. */
const SIZE = { sessions: 100_000, calls: 150_000, summaries: 3000 } as const;
const LATE = { sessions: 1500, calls: 3000, summaries: 30 } as const;
const CALLS_OF_A_SUMMARY = 40;

/** Writes about a million rows of everything that is rolled up, evenly over a range of time. */
export async function writeYear(db: Sql, span: Span): Promise<void> {
  await db.sql(`CREATE TABLE summed_calls (at timestamptz, subject text, name text, micros float8, success boolean)`);
  await db.sql(`CREATE TABLE summed_reads (at timestamptz, name text, hits int, misses int)`);
  await writeRows(db, span, SIZE, 0.25);
  await writeSamples(db, span);
  // What single calls were slow or failed is in the summaries too: these rows must not count.
  await db.sql(
    `INSERT INTO performance_logs (operation, duration_ms, success, metadata, created_at)
     SELECT 'handoff.request', 5000, false, '{"kind": "slow", "subject": "operation"}', created_at FROM performance_logs WHERE random() < 0.01`,
  );
}

/**
 * Writes rows among those that are rolled up, copies of rows at the same time, and changes what rows count for, in some parts of the range:
 * in each, every hour has rows that came late.
 */
export async function writeLate(db: Sql, spans: readonly Span[]): Promise<void> {
  for (const [index, span] of spans.entries()) {
    await writeRows(db, span, LATE, 0.5 + index / 10);
    await copyRows(db, span);
    await changeRows(db, span);
  }
}

async function changeRows({ sql }: Sql, { from, to }: Span): Promise<void> {
  await sql(
    `UPDATE handoff_requests SET status = 'accepted', answered_at = created_at + interval '1 hour'
     WHERE status = 'pending' AND created_at >= $1 AND created_at < $2::timestamptz - interval '2 hours' AND random() < 0.2`,
    [from, to],
  );
  await sql(
    `UPDATE sessions SET retention_policy = 'extended' WHERE retention_policy = 'short' AND created_at >= $1 AND created_at < $2 AND random() < 0.1`,
    [from, to],
  );
  await sql(
    `WITH reopened AS (
       UPDATE sessions SET status = 'active'
       WHERE status = 'completed' AND last_activity_at >= $1 AND last_activity_at < $2::timestamptz - interval '1 day' AND random() < 0.1
       RETURNING id, last_activity_at
     )
     INSERT INTO session_lifecycle (session_id, event_type, event_data, created_at)
     SELECT id, 'status_changed', '{"from": "completed", "to": "active"}', last_activity_at + interval '1 hour' FROM reopened`,
    [from, to],
  );
}

async function writeRows(
  db: Sql,
  { from, to }: Span,
  { sessions, calls, summaries }: typeof SIZE | typeof LATE,
  seed: number,
): Promise<void> {
  await writeHistory(db, { sessions, from: from.toISOString(), to: to.toISOString(), seed, openedShare: 1 });
  await writeCalls(db, { calls, from, to });
  await writeSummaries(db, { from, to }, summaries, Math.round(seed * 100));
}

/** Summaries with histograms, as servers write them, and in tables of their own what they are made of. */
async function writeSummaries(db: Sql, { from, to }: Span, count: number, seed: number): Promise<void> {
  const random = randomFrom(seed);
  const rows = Array.from({ length: count }, (_, index) => {
    const [subject, name] = (
      [
        ['operation', 'handoff.context.append'],
        ['statement', `handoff_statement_${Math.floor(random() * 12)}`],
        ['cache', 'get'],
      ] as const
    )[index % 3] ?? ['cache', 'get'];
    const micros = Array.from({ length: CALLS_OF_A_SUMMARY }, () => Math.round(Math.exp(6 + random() * 9)));
    const at = new Date(from.getTime() + random() * (to.getTime() - from.getTime()));
    return {
      at,
      subject,
      name,
      micros,
      failures: Math.floor(random() * 3),
      hits: subject === 'cache' ? Math.floor(random() * CALLS_OF_A_SUMMARY) : 0,
    };
  });
  await db.sql(
    `INSERT INTO performance_logs (operation, duration_ms, success, metadata, created_at)
     SELECT name, mean, true, metadata, at FROM jsonb_to_recordset($1::jsonb) AS r (at timestamptz, name text, mean float8, metadata jsonb)`,
    [JSON.stringify(rows.map(({ at, name, micros, ...row }) => ({ at, name, mean: 1, metadata: summaryOf({ ...row, micros }) })))],
  );
  await db.sql(
    `INSERT INTO summed_calls
     SELECT at, subject, name, value::float8, n > failures FROM jsonb_to_recordset($1::jsonb) AS r (at timestamptz, subject text, name text, micros jsonb, failures int),
       jsonb_array_elements_text(micros) WITH ORDINALITY AS e (value, n)`,
    [JSON.stringify(rows)],
  );
  await db.sql(
    `INSERT INTO summed_reads SELECT at, name, hits, $2 - hits FROM jsonb_to_recordset($1::jsonb) AS r (at timestamptz, name text, hits int)`,
    [JSON.stringify(rows.filter(({ subject }) => subject === 'cache')), CALLS_OF_A_SUMMARY],
  );
}

function summaryOf({
  subject,
  micros,
  failures,
  hits,
}: {
  subject: string;
  micros: readonly number[];
  failures: number;
  hits: number;
}): object {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 2,
    bitBucketSize: 32,
    autoResize: false,
  });
  for (const value of micros) histogram.recordValue(value);
  return {
    kind: 'summary',
    subject,
    count: micros.length,
    failures,
    ...(subject === 'cache' ? { hits, misses: micros.length - hits } : {}),
    sumMs: micros.reduce((a, b) => a + b, 0) / 1000,
    minMs: Math.min(...micros) / 1000,
    maxMs: Math.max(...micros) / 1000,
    sketch: encodeIntoCompressedBase64(histogram),
  };
}

/** Every thirtieth row of a part of the range once more, at the same time. */
async function copyRows({ sql }: Sql, { from, to }: Span): Promise<void> {
  const ofSpan = (time: string): string => `${time} >= '${from.toISOString()}' AND ${time} < '${to.toISOString()}' AND random() < 0.03`;
  const one = ofSpan('created_at');
  await sql(
    `INSERT INTO sessions (session_key, agent_from, agent_to, status, created_at, last_activity_at, retention_policy, last_sequence_number, expires_at)
     SELECT 'copy of ' || session_key, agent_from, agent_to, status, created_at, last_activity_at, retention_policy, last_sequence_number, expires_at
     FROM sessions WHERE ${one}`,
  );
  await sql(
    `INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata, created_at, content_size_bytes, agent)
     SELECT session_id, sequence_number + 1000, context_type, content, metadata, created_at, content_size_bytes, agent FROM context_history WHERE ${one}`,
  );
  await sql(
    `INSERT INTO handoff_requests (session_id, requesting_agent, target_agent, request_type, status, created_at, answered_at, completed_at)
     SELECT session_id, requesting_agent, target_agent, request_type, status, created_at, answered_at, completed_at FROM handoff_requests WHERE ${one}`,
  );
  await sql(
    `INSERT INTO session_lifecycle (session_id, event_type, event_data, created_at)
     SELECT session_id, event_type, event_data, created_at FROM session_lifecycle WHERE ${one}`,
  );
  await sql(
    `INSERT INTO performance_logs (operation, duration_ms, success, metadata, created_at)
     SELECT operation, duration_ms, success, metadata, created_at FROM performance_logs WHERE metadata = '{}' AND ${one}`,
  );
  await sql(
    `INSERT INTO system_metrics (metric_name, metric_value, metric_type, labels, recorded_at)
     SELECT metric_name, metric_value, metric_type, labels, recorded_at FROM system_metrics WHERE ${ofSpan('recorded_at')}`,
  );
}

/** How many rows there are to roll up. */
export async function countRows({ sql }: Sql): Promise<number> {
  const tables = ['sessions', 'context_history', 'handoff_requests', 'session_lifecycle', 'performance_logs', 'system_metrics'];
  const [row] = await sql<{ n: number }>(`SELECT (${tables.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ')})::int AS n`);
  return row?.n ?? 0;
}
