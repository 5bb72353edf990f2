-- Rollups read each row once, soon after its time. What they would miss is noted here: rows whose time was a minute ago or more when they
-- were written, changes of what is counted, and rows that leave their table. Ordinary writes fire none of these triggers. Rows at an
-- infinite time belong to no bucket and are not counted.

CREATE FUNCTION handoff_note_late_row() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  INSERT INTO analytics_late_rows (kind, at) VALUES (TG_ARGV[0], NEW.created_at);
  RETURN NULL;
END
$function$;

CREATE FUNCTION handoff_note_late_sample() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  INSERT INTO analytics_late_rows (kind, at) VALUES ('resources', NEW.recorded_at);
  RETURN NULL;
END
$function$;

CREATE FUNCTION handoff_note_late_decision() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  INSERT INTO analytics_late_rows (kind, at) VALUES ('handoffs', COALESCE(NEW.answered_at, NEW.completed_at));
  RETURN NULL;
END
$function$;

CREATE TRIGGER handoff_late_row AFTER INSERT ON sessions
  FOR EACH ROW WHEN (NEW.created_at < clock_timestamp() - interval '1 minute' AND isfinite(NEW.created_at)) EXECUTE FUNCTION handoff_note_late_row('sessions');
CREATE TRIGGER handoff_late_row AFTER INSERT ON context_history
  FOR EACH ROW WHEN (NEW.created_at < clock_timestamp() - interval '1 minute' AND isfinite(NEW.created_at)) EXECUTE FUNCTION handoff_note_late_row('context');
CREATE TRIGGER handoff_late_row AFTER INSERT ON handoff_requests
  FOR EACH ROW WHEN (NEW.created_at < clock_timestamp() - interval '1 minute' AND isfinite(NEW.created_at)) EXECUTE FUNCTION handoff_note_late_row('handoffs');
CREATE TRIGGER handoff_late_decision AFTER INSERT ON handoff_requests
  FOR EACH ROW WHEN (COALESCE(NEW.answered_at, NEW.completed_at) < clock_timestamp() - interval '1 minute'
    AND isfinite(COALESCE(NEW.answered_at, NEW.completed_at)))
  EXECUTE FUNCTION handoff_note_late_decision();
CREATE TRIGGER handoff_late_change AFTER UPDATE ON handoff_requests
  FOR EACH ROW WHEN (COALESCE(NEW.answered_at, NEW.completed_at) < clock_timestamp() - interval '1 minute'
    AND isfinite(COALESCE(NEW.answered_at, NEW.completed_at))
    AND COALESCE(OLD.answered_at, OLD.completed_at) IS DISTINCT FROM COALESCE(NEW.answered_at, NEW.completed_at))
  EXECUTE FUNCTION handoff_note_late_decision();
CREATE TRIGGER handoff_late_row AFTER INSERT ON session_lifecycle
  FOR EACH ROW WHEN (NEW.created_at < clock_timestamp() - interval '1 minute' AND isfinite(NEW.created_at)) EXECUTE FUNCTION handoff_note_late_row('transitions');
CREATE TRIGGER handoff_late_row AFTER INSERT ON performance_logs
  FOR EACH ROW WHEN (NEW.created_at < clock_timestamp() - interval '1 minute' AND isfinite(NEW.created_at)) EXECUTE FUNCTION handoff_note_late_row('performance');
CREATE TRIGGER handoff_late_row AFTER INSERT ON system_metrics
  FOR EACH ROW WHEN (NEW.recorded_at < clock_timestamp() - interval '1 minute' AND isfinite(NEW.recorded_at)) EXECUTE FUNCTION handoff_note_late_sample();

-- A session that gets another policy is counted under it, with all that happened to it.
CREATE FUNCTION handoff_note_other_policy() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  INSERT INTO analytics_late_rows (kind, at) SELECT 'sessions', NEW.created_at WHERE isfinite(NEW.created_at);
  INSERT INTO analytics_late_rows (kind, at) SELECT 'transitions', l.created_at FROM session_lifecycle l
  WHERE l.session_id = NEW.id AND isfinite(l.created_at);
  RETURN NULL;
END
$function$;
CREATE TRIGGER handoff_other_policy AFTER UPDATE OF retention_policy ON sessions
  FOR EACH ROW WHEN (OLD.retention_policy IS DISTINCT FROM NEW.retention_policy) EXECUTE FUNCTION handoff_note_other_policy();

-- A session that is taken up again had not ended: see handoff_event_measures.
CREATE FUNCTION handoff_note_reopened() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  INSERT INTO analytics_late_rows (kind, at)
  SELECT 'transitions', l.created_at FROM session_lifecycle l WHERE l.session_id = NEW.id AND l.event_data ->> 'to' = 'completed';
  RETURN NULL;
END
$function$;
CREATE TRIGGER handoff_reopened AFTER UPDATE OF status ON sessions
  FOR EACH ROW WHEN (OLD.status = 'completed' AND NEW.status = 'active') EXECUTE FUNCTION handoff_note_reopened();

-- Facts name the session that they come from for as long as it exists: then they can be taken back.

-- Whether the transaction erases a session, of which nothing may go on counting.
CREATE FUNCTION handoff_is_erasing() RETURNS boolean LANGUAGE sql STABLE AS $function$
  SELECT COALESCE(current_setting('handoff.is_erasing', true), '') = 'on'
$function$;

-- Entries that count alike are added up before it is worked out what they count for, which costs more than the addition. A session may
-- have gone in the same statement.
CREATE FUNCTION handoff_keep_entry_facts() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  IF NOT handoff_is_erasing() THEN
    INSERT INTO analytics_facts (kind, at, session_id, measure, labels, slot, n, total, low, high)
    WITH alike AS (
      SELECT g.session_id, date_trunc('minute', g.created_at, 'UTC') AS at, g.context_type, g.agent,
        COALESCE(g.content_size_bytes, octet_length(g.content)) AS bytes, CASE WHEN g.context_type = 'system' THEN g.metadata END AS metadata,
        count(*) AS n
      FROM gone g
      WHERE isfinite(g.created_at)
      GROUP BY 1, 2, 3, 4, 5, 6
    ), present AS MATERIALIZED (
      SELECT s.id FROM sessions s WHERE s.id IN (SELECT a.session_id FROM alike a)
    )
    SELECT m.kind, m.at, p.id, m.measure, m.labels, handoff_slot(m.value), sum(a.n), sum(a.n * m.value), min(m.value), max(m.value)
    FROM alike a LEFT JOIN present p ON p.id = a.session_id, LATERAL handoff_entry_measures(a.at, a.context_type, a.agent, a.bytes, a.metadata) m
    GROUP BY 1, 2, 3, 4, 5, 6
    ORDER BY 2;
  END IF;
  RETURN NULL;
END
$function$;
CREATE TRIGGER handoff_entry_facts AFTER DELETE ON context_history
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION handoff_keep_entry_facts();

CREATE FUNCTION handoff_keep_request_facts() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  IF NOT handoff_is_erasing() THEN
    INSERT INTO analytics_facts (kind, at, session_id, measure, labels, slot, n, total, low, high)
    SELECT m.kind, date_trunc('minute', m.at, 'UTC'), (SELECT s.id FROM sessions s WHERE s.id = g.session_id), m.measure, m.labels,
      handoff_slot(m.value), count(*), sum(m.value), min(m.value), max(m.value)
    FROM gone g, LATERAL handoff_request_measures(
      g.created_at, COALESCE(g.answered_at, g.completed_at), g.status, g.requesting_agent, g.target_agent, g.request_type) m
    WHERE isfinite(m.at)
    GROUP BY 1, 2, 3, 4, 5, 6;
  END IF;
  RETURN NULL;
END
$function$;
CREATE TRIGGER handoff_request_facts AFTER DELETE ON handoff_requests
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION handoff_keep_request_facts();

-- Before the row goes, because its past agents go with it. A hold is asked first, by its name: see 000031.
CREATE FUNCTION handoff_keep_session_facts() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  IF NOT handoff_is_erasing() THEN
    UPDATE analytics_facts SET session_id = NULL WHERE session_id = OLD.id;
    INSERT INTO analytics_facts (kind, at, session_id, measure, labels, slot, n, total, low, high)
    SELECT m.kind, date_trunc('minute', m.at, 'UTC'), NULL::uuid, m.measure, m.labels, handoff_slot(m.value),
      count(*), sum(m.value), min(m.value), max(m.value)
    FROM (
      SELECT * FROM handoff_session_measures(OLD.created_at, OLD.agent_from, OLD.retention_policy)
      UNION ALL
      SELECT e.* FROM session_lifecycle l, LATERAL handoff_event_measures(l.created_at, l.event_type, l.event_data, OLD) e
      WHERE l.session_id = OLD.id
      UNION ALL
      SELECT 'transitions', now(), 'purged', handoff_labels('agent', OLD.agent_from, 'retention_policy', OLD.retention_policy), NULL
    ) AS m
    WHERE isfinite(m.at)
    GROUP BY 1, 2, 3, 4, 5, 6;
  END IF;
  RETURN OLD;
END
$function$;
CREATE TRIGGER handoff_sessions_rollup BEFORE DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION handoff_keep_session_facts();

-- The rows are back, so that they count by themselves.
CREATE FUNCTION handoff_drop_restored_facts() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  WITH restored AS (
    DELETE FROM analytics_facts f WHERE f.session_id = NEW.id RETURNING f.kind, f.at
  )
  INSERT INTO analytics_late_rows (kind, at) SELECT DISTINCT kind, at FROM restored;
  RETURN NULL;
END
$function$;
CREATE TRIGGER handoff_restored_facts AFTER UPDATE OF archived_at ON sessions
  FOR EACH ROW WHEN (OLD.archived_at IS NOT NULL AND NEW.archived_at IS NULL) EXECUTE FUNCTION handoff_drop_restored_facts();
