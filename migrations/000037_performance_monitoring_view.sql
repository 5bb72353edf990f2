-- performance_logs has a row for each operation and interval (kind summary), besides rows of single calls that were slow or failed, which
-- those summaries count too, and rows of an earlier server, one for each call. The view shows the calls behind all of them. It has the
-- columns of the earlier server's view, in its order and types, and no others: see 000033_session_monitoring_view.sql.
DO $$
DECLARE
  definition text := $view$
    SELECT p.operation, sum(n.calls)::bigint AS calls, round(sum(n.total_ms) / NULLIF(sum(n.calls), 0), 2) AS avg_duration_ms,
      max(n.max_ms) AS max_duration_ms
    FROM performance_logs p
    CROSS JOIN LATERAL (SELECT p.metadata ->> 'kind' = 'summary' AND jsonb_typeof(p.metadata -> 'count') = 'number'
        AND jsonb_typeof(p.metadata -> 'sumMs') = 'number' AND jsonb_typeof(p.metadata -> 'maxMs') = 'number' AS is_summary,
      COALESCE(p.metadata ->> 'kind' IN ('slow', 'failed'), false) AS is_sample) AS k
    CROSS JOIN LATERAL (SELECT
      CASE WHEN k.is_summary THEN (p.metadata ->> 'count')::numeric WHEN k.is_sample THEN 0 ELSE 1 END AS calls,
      CASE WHEN k.is_summary THEN (p.metadata ->> 'sumMs')::numeric WHEN k.is_sample THEN 0 ELSE p.duration_ms::numeric END AS total_ms,
      CASE WHEN k.is_summary THEN (p.metadata ->> 'maxMs')::numeric ELSE p.duration_ms::numeric END AS max_ms) AS n
    GROUP BY p.operation$view$;
  -- Such as security_invoker, which an operator may have set: replacing a view keeps its owner, grants and comment, but not these.
  options text := (SELECT ' WITH (' || array_to_string(reloptions, ', ') || ')'
    FROM pg_class WHERE oid = to_regclass('performance_monitoring_view') AND relkind = 'v');
BEGIN
  BEGIN
    EXECUTE format('CREATE OR REPLACE VIEW performance_monitoring_view%s AS %s', options, definition);
  EXCEPTION WHEN invalid_table_definition OR wrong_object_type THEN
    -- Renaming keeps its grants, and the views above it. The new one has rows that it may not have shown: its grants are not copied.
    EXECUTE (SELECT format('ALTER %s performance_monitoring_view RENAME TO performance_monitoring_view_earlier',
        CASE relkind WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END)
      FROM pg_class WHERE oid = to_regclass('performance_monitoring_view'));
    EXECUTE 'CREATE VIEW performance_monitoring_view AS ' || definition;
    RAISE WARNING 'handoff: performance_monitoring_view had other columns than expected; it is now performance_monitoring_view_earlier, and performance_monitoring_view is new. Grant it to those who may read how operations performed, and drop the earlier one when nothing reads it';
  END;
END
$$;
