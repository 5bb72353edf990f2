-- Two views for people and their tools, with a row for each session. session_monitoring_view has the columns of the earlier server's view, in
-- its order and types, and no others: what reads it goes on, and so does an earlier server, which makes its view again when it starts.
-- Where the view of that name has other columns, it is kept under another one.
DO $$
DECLARE
  definition text := $view$
    SELECT s.id, s.session_key, s.agent_from, s.agent_to, s.status, s.created_at, s.updated_at, s.last_activity_at, s.is_dormant,
      s.archived_at, s.retention_policy,
      -- When it expires unless it is used again, or when it has expired.
      CASE WHEN s.expires_at IS NULL OR s.status = 'expired' THEN s.expires_at
        ELSE GREATEST(s.expires_at, COALESCE(s.last_activity_at, s.updated_at) + make_interval(secs => s.ttl_hours * 3600)) END AS expires_at,
      EXTRACT(epoch FROM now() - s.last_activity_at) / 3600 AS hours_since_activity,
      COALESCE(a.entry_count::bigint, (SELECT count(*) FROM context_history h WHERE h.session_id = s.id)) AS context_entries,
      COALESCE(a.handoff_count::bigint, (SELECT count(*) FROM handoff_requests r WHERE r.session_id = s.id)) AS handoff_requests,
      (SELECT l.event_type FROM session_lifecycle l WHERE l.session_id = s.id ORDER BY l.created_at DESC LIMIT 1) AS last_lifecycle_event
    FROM sessions s
    LEFT JOIN session_archives a ON a.session_id = s.id$view$;
  -- Such as security_invoker, which an operator may have set: replacing a view keeps its owner, grants and comment, but not these.
  options text := (SELECT ' WITH (' || array_to_string(reloptions, ', ') || ')'
    FROM pg_class WHERE oid = to_regclass('session_monitoring_view') AND relkind = 'v');
BEGIN
  BEGIN
    EXECUTE format('CREATE OR REPLACE VIEW session_monitoring_view%s AS %s', options, definition);
  EXCEPTION WHEN invalid_table_definition OR wrong_object_type THEN
    -- Renaming keeps its grants, and the views above it. The new one has rows that it may not have shown: its grants are not copied.
    EXECUTE (SELECT format('ALTER %s session_monitoring_view RENAME TO session_monitoring_view_earlier',
        CASE relkind WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END)
      FROM pg_class WHERE oid = to_regclass('session_monitoring_view'));
    EXECUTE 'CREATE VIEW session_monitoring_view AS ' || definition;
    RAISE WARNING 'handoff: session_monitoring_view had other columns than expected; it is now session_monitoring_view_earlier, and session_monitoring_view is new. Grant it to those who may read all sessions, and drop the earlier one when nothing reads it';
  END;
END
$$;

-- What the view above cannot have.
CREATE VIEW session_retention_view AS
  SELECT s.id, s.session_key,
    CASE WHEN s.archived_at IS NOT NULL THEN 'archived' WHEN s.status = 'active' AND s.is_dormant THEN 'dormant' ELSE s.status::text END AS state,
    s.ttl_hours,
    EXISTS (SELECT FROM session_holds o WHERE o.session_id = s.id) AS on_hold,
    a.stored_bytes AS archive_bytes,
    -- When the archive of the session is deleted, unless it is on hold.
    CASE WHEN s.archived_at IS NOT NULL THEN
      s.archived_at + make_interval(secs => COALESCE(own.archived_session_ttl_days, standard.archived_session_ttl_days) * 86400) END AS purge_at
  FROM sessions s
  LEFT JOIN session_archives a ON a.session_id = s.id
  LEFT JOIN retention_policies own ON own.name = s.retention_policy
  LEFT JOIN retention_policies standard ON standard.name = 'standard';
