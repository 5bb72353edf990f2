-- A table that was detached to be dropped is known by a comment. Before, any table went whose name began with that of a log table and ended
-- in `_expired`, such as a copy that an operator had made. Those that servers of before have detached have the names of months, or of
-- the table of an earlier server.
CREATE OR REPLACE FUNCTION handoff_detach_expired_partition(target text, older_than timestamptz) RETURNS text LANGUAGE plpgsql
SET lock_timeout = '200ms'
AS $function$
DECLARE
  partition text;
  marked text;
  upper_bound timestamptz;
  drop_before timestamptz := handoff_rolled_up_before(target, older_than);
BEGIN
  -- Also taken by the functions that make partitions.
  PERFORM pg_advisory_xact_lock(4871203591174022);
  SELECT bounds.relname, bounds.upper_bound INTO partition, upper_bound
  FROM (
    SELECT c.relname, substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \(''([^'']+)''\)')::timestamptz AS upper_bound
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = to_regclass(target) AND c.relkind = 'r'
  ) AS bounds
  WHERE bounds.upper_bound <= drop_before
  ORDER BY bounds.upper_bound
  LIMIT 1;
  IF partition IS NULL THEN
    RETURN NULL;
  END IF;
  marked := left(partition, 55) || '_expired';
  EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', target, partition);
  EXECUTE format('ALTER TABLE %I RENAME TO %I', partition, marked);
  EXECUTE format('COMMENT ON TABLE %I IS %L', marked, 'handoff: expired partition of ' || target);
  PERFORM handoff_seal_rollups(target, upper_bound);
  RETURN marked;
END
$function$;

CREATE OR REPLACE FUNCTION handoff_drop_expired_partition(target text) RETURNS text LANGUAGE plpgsql
SET lock_timeout = '200ms'
AS $function$
DECLARE
  partition text;
BEGIN
  PERFORM pg_advisory_xact_lock(4871203591174022);
  SELECT c.relname INTO partition
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = current_schema() AND c.relkind = 'r' AND NOT c.relispartition
    AND (obj_description(c.oid, 'pg_class') = 'handoff: expired partition of ' || target
      OR c.relname ~ ('^' || target || '_(y[0-9]{4,6}m[0-9]{2}|earlier)_expired$'))
  ORDER BY c.relname
  LIMIT 1;
  IF partition IS NULL THEN
    RETURN NULL;
  END IF;
  IF target = 'session_lifecycle' THEN
    -- No hold comes in between.
    LOCK TABLE session_holds IN SHARE MODE;
    EXECUTE format('INSERT INTO %I (id, session_id, event_type, event_data, created_at)
      SELECT e.id, e.session_id, e.event_type, e.event_data, e.created_at FROM session_holds h JOIN %I e ON e.session_id = h.session_id
      ON CONFLICT DO NOTHING', target, partition);
  END IF;
  EXECUTE format('DROP TABLE %I', partition);
  RETURN partition;
END
$function$;
