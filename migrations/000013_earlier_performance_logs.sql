-- The rows of an earlier performance_logs, copied beside normal work: nothing reads or writes that table any more.

DO $$
DECLARE
  oldest timestamptz;
BEGIN
  IF to_regclass('performance_logs_earlier') IS NULL THEN
    RETURN;
  END IF;
  SELECT min(created_at) INTO oldest FROM performance_logs_earlier;
  -- Five years at most, however wrong a clock once was; older rows stay in the default partition.
  PERFORM handoff_create_monthly_partitions('performance_logs', GREATEST(oldest, now() - interval '5 years'), now());
  INSERT INTO performance_logs (id, operation, duration_ms, success, session_id, metadata, created_at)
    SELECT id, operation, duration_ms, success, session_id, metadata, COALESCE(created_at, now()) FROM performance_logs_earlier;
  BEGIN
    DROP TABLE performance_logs_earlier;
  EXCEPTION WHEN dependent_objects_still_exist THEN
    RAISE WARNING 'handoff: performance_logs_earlier was copied but something still depends on it; move that to performance_logs and drop it';
  END;
END
$$;
