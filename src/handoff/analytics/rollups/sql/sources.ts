import type { Statement } from '../../../storage/database.js';

// Every statement reads the rows of a range of time once, adds them up by minute, and takes the facts of rows that have left their table
// from the same snapshot: a row that is being archived is in one of the two. $1 start, $2 end.

const COLUMNS = `date_trunc('minute', m.at, 'UTC') AS at, m.measure, m.labels, handoff_slot(m.value) AS slot,
  count(*)::float8 AS n, sum(m.value) AS total, min(m.value) AS low, max(m.value) AS high`;

function withFacts(kind: string, rows: string): string {
  return `
SELECT ${COLUMNS}
FROM ${rows}
GROUP BY 1, 2, 3, 4
UNION ALL
SELECT at, measure, labels, slot, n::float8, total, low, high FROM analytics_facts WHERE kind = '${kind}' AND at >= $1 AND at < $2`;
}

export const readSessions: Statement = {
  name: 'handoff_rollup_sessions',
  text: withFacts(
    'sessions',
    `sessions s, LATERAL handoff_session_measures(s.created_at, s.agent_from, s.retention_policy) m
WHERE s.created_at >= $1 AND s.created_at < $2`,
  ),
};

/** Events of sessions that are gone count by their facts. */
export const readTransitions: Statement = {
  name: 'handoff_rollup_transitions',
  text: withFacts(
    'transitions',
    `session_lifecycle l JOIN sessions s ON s.id = l.session_id, LATERAL handoff_event_measures(l.created_at, l.event_type, l.event_data, s) m
WHERE l.created_at >= $1 AND l.created_at < $2`,
  ),
};

export const readEntries: Statement = {
  name: 'handoff_rollup_entries',
  text: withFacts(
    'context',
    `context_history h, LATERAL handoff_entry_measures(
  h.created_at, h.context_type, h.agent, COALESCE(h.content_size_bytes, octet_length(h.content)), h.metadata) m
WHERE h.created_at >= $1 AND h.created_at < $2`,
  ),
};

/** A handoff counts when it is requested, and again when it is decided. */
export const readHandoffs: Statement = {
  name: 'handoff_rollup_handoffs',
  text: withFacts(
    'handoffs',
    `handoff_requests r, LATERAL handoff_request_measures(
  r.created_at, COALESCE(r.answered_at, r.completed_at), r.status, r.requesting_agent, r.target_agent, r.request_type) m
WHERE (r.created_at >= $1 AND r.created_at < $2 OR COALESCE(r.answered_at, r.completed_at) >= $1 AND COALESCE(r.answered_at, r.completed_at) < $2)
  AND m.at >= $1 AND m.at < $2`,
  ),
};

/** Samples have no sketch: their values may be fractions, and less than 0. */
export const readSamples: Statement = {
  name: 'handoff_rollup_samples',
  text: `
SELECT date_trunc('minute', recorded_at, 'UTC') AS at, 'value' AS measure,
  jsonb_build_object('metric', metric_name || COALESCE(':' || (labels ->> 'state'), '')) AS labels, NULL::integer AS slot,
  count(*)::float8 AS n, sum(metric_value)::float8 AS total, min(metric_value)::float8 AS low, max(metric_value)::float8 AS high
FROM system_metrics
WHERE recorded_at >= $1 AND recorded_at < $2
GROUP BY 1, 2, 3`,
};

export interface GroupedRow {
  readonly at: Date;
  readonly measure: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly slot: number | null;
  readonly n: number;
  readonly total: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Reads the summaries of measured intervals, whose histograms are merged, and the calls of an earlier server, which wrote a row for each.
 * Rows about single slow and failed calls are in the summaries too.
 */
export const readPerformance: Statement = {
  name: 'handoff_rollup_performance',
  text: `
SELECT date_trunc('minute', created_at, 'UTC') AS at, operation, COALESCE(metadata ->> 'subject', 'operation') AS subject, metadata AS summary,
  duration_ms, success
FROM performance_logs
WHERE created_at >= $1 AND created_at < $2 AND COALESCE(metadata ->> 'kind', 'call') IN ('summary', 'call')`,
};

export interface PerformanceLogRow {
  readonly at: Date;
  readonly operation: string;
  readonly subject: string;
  readonly summary: Readonly<Record<string, unknown>> | null;
  readonly duration_ms: number;
  readonly success: boolean;
}
