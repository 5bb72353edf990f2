-- What each row of the hot tables counts for. The rollups and the triggers that keep what leaves these tables call the same functions.

-- The slot of a value in a histogram of 2 significant digits, the index of an HDR histogram: exact up to 255, and within 0.4 % beyond.
-- One expression without a FROM, though it repeats itself: PostgreSQL puts such a body in the place of the call, and runs any other one by
-- itself for each row, which takes 10 times as long.
CREATE FUNCTION handoff_slot(value double precision) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$
  SELECT (128 * width_bucket(LEAST(140737488355327, GREATEST(0, round(value)))::bigint, '{256,512,1024,2048,4096,8192,16384,32768,65536,
      131072,262144,524288,1048576,2097152,4194304,8388608,16777216,33554432,67108864,134217728,268435456,536870912,1073741824,2147483648,
      4294967296,8589934592,17179869184,34359738368,68719476736,137438953472,274877906944,549755813888,1099511627776,2199023255552,
      4398046511104,8796093022208,17592186044416,35184372088832,70368744177664,140737488355328}'::bigint[])
    + (LEAST(140737488355327, GREATEST(0, round(value)))::bigint
      >> width_bucket(LEAST(140737488355327, GREATEST(0, round(value)))::bigint, '{256,512,1024,2048,4096,8192,16384,32768,65536,
      131072,262144,524288,1048576,2097152,4194304,8388608,16777216,33554432,67108864,134217728,268435456,536870912,1073741824,2147483648,
      4294967296,8589934592,17179869184,34359738368,68719476736,137438953472,274877906944,549755813888,1099511627776,2199023255552,
      4398046511104,8796093022208,17592186044416,35184372088832,70368744177664,140737488355328}'::bigint[])))::integer
$function$;

-- Null where one of the times is infinite. The difference of two timestamps is no interval here: of far ones it would overflow, and a row
-- that cannot be counted must not keep a session from being deleted.
CREATE FUNCTION handoff_microseconds(since timestamptz, until timestamptz) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT CASE WHEN isfinite(since) AND isfinite(until) THEN GREATEST(0, round(
    (extract(epoch FROM until AT TIME ZONE 'UTC') - extract(epoch FROM since AT TIME ZONE 'UTC')) * 1000000))::double precision END
$function$;

CREATE FUNCTION handoff_labels(VARIADIC pairs text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$
  SELECT jsonb_strip_nulls(jsonb_object(pairs))
$function$;

CREATE FUNCTION handoff_session_measures(created_at timestamptz, agent_from text, retention_policy text)
RETURNS TABLE (kind text, at timestamptz, measure text, labels jsonb, value double precision) LANGUAGE sql IMMUTABLE AS $function$
  SELECT 'sessions', created_at, 'opened', handoff_labels('agent', agent_from, 'retention_policy', retention_policy), NULL::double precision
$function$;

CREATE FUNCTION handoff_entry_measures(created_at timestamptz, context_type text, agent text, bytes integer, metadata jsonb)
RETURNS TABLE (kind text, at timestamptz, measure text, labels jsonb, value double precision) LANGUAGE sql IMMUTABLE AS $function$
  SELECT 'context', created_at, 'content_bytes', handoff_labels('context_type', context_type, 'agent', agent), bytes::double precision
  UNION ALL
  SELECT 'context', created_at, 'handed_over_entries',
    handoff_labels('request_type', metadata ->> 'requestType', 'target_agent', left(metadata ->> 'targetAgent', 100)),
    (metadata ->> 'totalContextEntries')::double precision
  WHERE context_type = 'system' AND metadata ->> 'action' = 'handoff_requested' AND jsonb_typeof(metadata -> 'totalContextEntries') = 'number'
$function$;

CREATE FUNCTION handoff_request_measures(created_at timestamptz, decided_at timestamptz, status text, agent text, target_agent text, request_type text)
RETURNS TABLE (kind text, at timestamptz, measure text, labels jsonb, value double precision) LANGUAGE sql IMMUTABLE AS $function$
  SELECT 'handoffs', m.at, m.measure,
    handoff_labels('agent', agent, 'target_agent', target_agent, 'route', agent || '->' || COALESCE(target_agent, ''), 'request_type', request_type), m.value
  FROM (VALUES
    (created_at, 'requested', NULL::double precision, true),
    (decided_at, CASE WHEN status IN ('accepted', 'completed') THEN 'accepted' WHEN status = 'rejected' THEN 'rejected' ELSE 'timed_out' END,
      NULL, decided_at IS NOT NULL),
    (decided_at, 'answer_us', handoff_microseconds(created_at, decided_at), decided_at IS NOT NULL AND status <> 'timed_out')
  ) AS m (at, measure, value, is_there)
  WHERE m.is_there
$function$;

-- Agents that a session had had until a time: the first, those before the present one, and the one that was then the present one.
CREATE FUNCTION handoff_participants(of_session uuid, agent_from text, agent_to text, until timestamptz) RETURNS double precision
LANGUAGE sql STABLE AS $function$
  SELECT count(DISTINCT agent)::double precision
  FROM (
    SELECT agent_from AS agent
    UNION ALL SELECT p.agent FROM session_past_agents p WHERE p.session_id = of_session AND p.noted_at <= until
    UNION ALL SELECT COALESCE(
      (SELECT p.agent FROM session_past_agents p WHERE p.session_id = of_session AND p.noted_at > until ORDER BY p.noted_at LIMIT 1), agent_to)
  ) AS had
$function$;

-- Sizes are those of sessions that have ended: one that was completed, and then taken up by its target, had not. The length of a session
-- that expired ends with its last activity, since it was idle from then on.
CREATE FUNCTION handoff_event_measures(at timestamptz, event_type text, event_data jsonb, s sessions)
RETURNS TABLE (kind text, at timestamptz, measure text, labels jsonb, value double precision) LANGUAGE sql STABLE AS $function$
  SELECT 'transitions', $1, m.measure, handoff_labels('agent', s.agent_from, 'retention_policy', s.retention_policy), m.value
  FROM (SELECT CASE
      WHEN event_type IN ('expired', 'archived', 'restored', 'dormant', 'reactivated') THEN event_type
      WHEN event_type = 'status_changed' AND event_data ->> 'to' = 'completed' THEN 'completed'
      WHEN event_type = 'status_changed' AND event_data ->> 'to' = 'active' THEN 'reopened' END AS name) AS transition,
    LATERAL (
      SELECT transition.name, NULL::double precision WHERE transition.name IS NOT NULL
      UNION ALL
      SELECT ended.measure, ended.value FROM (VALUES
        ('session_us', handoff_microseconds(s.created_at, CASE transition.name WHEN 'expired' THEN s.last_activity_at ELSE $1 END)),
        ('session_entries', s.last_sequence_number::double precision),
        ('session_agents', handoff_participants(s.id, s.agent_from, s.agent_to, $1))
      ) AS ended (measure, value)
      WHERE transition.name = 'expired' OR transition.name = 'completed' AND NOT EXISTS (
        SELECT FROM session_lifecycle l
        WHERE l.session_id = s.id AND l.created_at > $1 AND l.event_type = 'status_changed' AND l.event_data ->> 'to' = 'active')
    ) AS m (measure, value)
$function$;
