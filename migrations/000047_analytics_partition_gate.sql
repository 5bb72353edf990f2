-- No partition goes before its rows are rolled up. Where rollups have not run for 30 days, or never did, nothing waits for them: the disk
-- must not fill up because somebody has turned them off.

-- The part of the log tables that may be dropped: before both times.
CREATE FUNCTION handoff_rolled_up_before(target text, older_than timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $function$
  SELECT LEAST(older_than, min(LEAST(w.rolled_up_to, COALESCE(late.at, 'infinity'))))
  FROM analytics_watermarks w
    LEFT JOIN LATERAL (
      SELECT min(l.at) AS at FROM analytics_late_rows l WHERE l.kind = w.kind AND l.at >= w.sealed_before
    ) AS late ON true
  WHERE w.kind = CASE target WHEN 'session_lifecycle' THEN 'transitions' WHEN 'performance_logs' THEN 'performance' ELSE 'resources' END
    AND w.updated_at > now() - interval '30 days'
$function$;

-- Notes that rows before a time can not be read again: late rows of such times are counted and left out.
CREATE FUNCTION handoff_seal_rollups(target text, before timestamptz) RETURNS void LANGUAGE sql AS $function$
  UPDATE analytics_watermarks SET sealed_before = GREATEST(sealed_before, before)
  WHERE kind = CASE target WHEN 'session_lifecycle' THEN 'transitions' WHEN 'performance_logs' THEN 'performance' ELSE 'resources' END
$function$;

-- As in 000032, but for these two.
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
  PERFORM handoff_seal_rollups(target, upper_bound);
  RETURN marked;
END
$function$;

CREATE OR REPLACE FUNCTION handoff_delete_stray_rows(target text, older_than timestamptz, max_rows integer) RETURNS integer LANGUAGE plpgsql AS $function$
DECLARE
  time_column text;
  deleted integer;
  drop_before timestamptz := handoff_rolled_up_before(target, older_than);
BEGIN
  SELECT a.attname INTO STRICT time_column
  FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
  WHERE p.partrelid = to_regclass(target);
  EXECUTE format('DELETE FROM %1$I WHERE ctid = ANY (ARRAY(
      SELECT e.ctid FROM %1$I e WHERE e.%2$I < $1 %3$s ORDER BY e.%2$I LIMIT $2 FOR UPDATE SKIP LOCKED))',
    target || '_default', time_column,
    CASE WHEN target = 'session_lifecycle' THEN 'AND NOT EXISTS (SELECT FROM session_holds h WHERE h.session_id = e.session_id)' ELSE '' END)
  USING drop_before, max_rows;
  GET DIAGNOSTICS deleted = ROW_COUNT;
  IF deleted > 0 THEN
    PERFORM handoff_seal_rollups(target, drop_before);
  END IF;
  RETURN deleted;
END
$function$;
