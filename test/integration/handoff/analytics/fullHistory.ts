import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { writeHistory } from './history.js';

/** A name that breaks out of whatever does not escape it, and one that reorders the text after it. */
export const HOSTILE_AGENTS = ['<img src=x onerror="document.title=1">&\'"', '\u202egnp.exe'] as const;

interface History {
  readonly sessions: number;
  readonly from: Date;
  readonly to: Date;
  readonly seed: number;
}

/** Writes rows of every kind that reports tell of, over a range of time; rolls nothing up. */
export async function writeFullHistory(database: Pick<HandoffFixture, 'sql'>, { sessions, from, to, seed }: History): Promise<void> {
  await writeHistory(database, { sessions, from: from.toISOString(), to: to.toISOString(), seed });
  for (const [index, name] of HOSTILE_AGENTS.entries()) {
    await database.sql('UPDATE sessions SET agent_from = $1 WHERE agent_from = $2', [name, `agent-${index}`]);
    await database.sql('UPDATE handoff_requests SET requesting_agent = $1 WHERE requesting_agent = $2', [name, `agent-${index}`]);
  }
  await writeSamples(database, { from, to });
  await writeCalls(database, { calls: 4000, from, to });
}

/** Samples of the process and of sessions, every twenty minutes; eighths, whose sums are exact. */
export async function writeSamples({ sql }: Pick<HandoffFixture, 'sql'>, { from, to }: Pick<History, 'from' | 'to'>): Promise<void> {
  await sql(
    `INSERT INTO system_metrics (metric_name, metric_value, metric_type, labels, recorded_at)
     SELECT name, round(8 * (base + swing * sin(extract(epoch FROM at) / 14400) + drift * extract(epoch FROM at - $1) / extract(epoch FROM $2 - $1))) / 8,
       'gauge', labels, at
     FROM generate_series($1::timestamptz, $2::timestamptz - interval '1 minute', interval '20 minutes') at,
       (VALUES ('sessions', 40, 20, 0, '{"state": "active"}'::jsonb), ('sessions', 12, 5, 0, '{"state": "dormant"}'::jsonb),
         ('memory_used_bytes', 500, 60, 380, '{}'), ('memory_limit_bytes', 1000, 0, 0, '{}'), ('cpu_used_percent', 35, 20, 0, '{}'),
         ('disk_used_percent', 50, 0, 12, '{}'), ('database_connections_used', 9, 6, 0, '{}')) AS sample (name, base, swing, drift, labels)`,
    [from, to],
  );
}

/** Calls of four operations, a row for each, as an earlier server wrote them; whole microseconds, whose sums are exact. */
export async function writeCalls(
  { sql }: Pick<HandoffFixture, 'sql'>,
  { calls, from, to }: Pick<History, 'from' | 'to'> & { readonly calls: number },
): Promise<void> {
  await sql(
    `INSERT INTO performance_logs (operation, duration_ms, success, metadata, created_at)
     SELECT (ARRAY['handoff.session.register', 'handoff.context.append', 'handoff.request', 'handoff.summary.read'])[1 + floor(random() * 4)::int],
       round(1000 * exp(random() * 8)) / 1000, random() < 0.97, '{}', $1::timestamptz + random() * ($2::timestamptz - $1::timestamptz)
     FROM generate_series(1, $3::int)`,
    [from, to, calls],
  );
}
