-- The rows an earlier server wrote become the oldest partition. That partition ends at a month's start at least a month
-- from now (and after the newest row), so that its inserts go on working until the tables are exchanged in 000009 and 000010.
-- NOT VALID: existing rows are checked in 000005, without holding up writers.

UPDATE session_lifecycle SET created_at = now() WHERE created_at IS NULL;
UPDATE system_metrics SET recorded_at = now() WHERE recorded_at IS NULL;

DO $$
DECLARE
  target record;
  newest timestamptz;
  bound timestamptz;
BEGIN
  FOR target IN
    SELECT * FROM (VALUES ('session_lifecycle', 'created_at'), ('system_metrics', 'recorded_at')) AS t (name, time_column)
    WHERE (SELECT relkind FROM pg_class WHERE oid = to_regclass(t.name)) = 'r'
  LOOP
    EXECUTE format('SELECT max(%I) FROM %I', target.time_column, target.name) INTO newest;
    bound := (date_trunc('month', GREATEST(now(), newest) AT TIME ZONE 'UTC') + interval '2 months') AT TIME ZONE 'UTC';
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT handoff_oldest_partition CHECK (%I IS NOT NULL AND %I < %L) NOT VALID',
      target.name, target.time_column, target.time_column, bound);
    -- 000009 and 000010 read the bound back from here.
    EXECUTE format('COMMENT ON CONSTRAINT handoff_oldest_partition ON %I IS %L',
      target.name, extract(epoch FROM bound)::bigint::text);
  END LOOP;
END
$$;
