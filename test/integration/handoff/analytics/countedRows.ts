/**
 * Every row that counts, by plain SQL on the tables, as (kind, at, measure, labels, amount): `labels` are its dimensions and their values,
 * and `amount` is NULL for what is only counted. Nothing of what is tested is used.
 */
export const COUNTED_ROWS = `
  SELECT 'sessions' AS kind, created_at AS at, 'opened' AS measure, jsonb_build_object('agent', agent_from, 'retention_policy', retention_policy) AS labels,
    NULL::float8 AS amount
  FROM sessions
  UNION ALL
  SELECT 'transitions', l.created_at, x.measure, jsonb_build_object('agent', s.agent_from, 'retention_policy', s.retention_policy), x.amount
  FROM session_lifecycle l JOIN sessions s ON s.id = l.session_id,
    LATERAL (SELECT CASE WHEN l.event_type <> 'status_changed' THEN l.event_type WHEN l.event_data ->> 'to' = 'active' THEN 'reopened'
      ELSE l.event_data ->> 'to' END AS event) AS e,
    LATERAL (SELECT e.event = 'expired' OR e.event = 'completed' AND NOT EXISTS (
      SELECT FROM session_lifecycle o WHERE o.session_id = s.id AND o.created_at > l.created_at AND o.event_data ->> 'to' = 'active') AS is_end) AS f,
    LATERAL (VALUES
      (e.event, NULL::float8),
      (CASE WHEN is_end THEN 'session_us' END,
        round(1000000 * extract(epoch FROM CASE e.event WHEN 'expired' THEN s.last_activity_at ELSE l.created_at END - s.created_at))::float8),
      (CASE WHEN is_end THEN 'session_entries' END, s.last_sequence_number::float8),
      (CASE WHEN is_end THEN 'session_agents' END, CASE WHEN s.agent_to IS NULL THEN 1 ELSE 2 END)
    ) AS x (measure, amount)
  WHERE x.measure IN ('completed', 'expired', 'dormant', 'archived', 'restored', 'reopened', 'session_us', 'session_entries', 'session_agents')
  UNION ALL
  SELECT 'context', created_at, 'content_bytes', jsonb_build_object('agent', agent, 'context_type', context_type), octet_length(content)
  FROM context_history
  UNION ALL
  SELECT 'handoffs', x.at, x.measure, jsonb_build_object('agent', r.requesting_agent, 'target_agent', r.target_agent, 'request_type', r.request_type,
    'route', r.requesting_agent || '->' || r.target_agent), x.amount
  FROM handoff_requests r, LATERAL (SELECT CASE r.status WHEN 'pending' THEN NULL WHEN 'timed_out' THEN r.completed_at ELSE r.answered_at END AS decided) AS t,
    LATERAL (VALUES
      (r.created_at, 'requested', NULL::float8),
      (t.decided, CASE r.status WHEN 'completed' THEN 'accepted' ELSE r.status END, NULL),
      (CASE WHEN r.status <> 'timed_out' THEN t.decided END, 'answer_us', round(1000000 * extract(epoch FROM t.decided - r.created_at))::float8)
    ) AS x (at, measure, amount)
  WHERE x.at IS NOT NULL`;

/** The dimensions of a counted row, with '' for everything together. */
export const DIMENSIONS_OF_ROW = `LATERAL (SELECT '', '' UNION ALL SELECT l.key, l.value FROM jsonb_each_text(r.labels) l WHERE l.value IS NOT NULL)
  AS d (dimension, value)`;
