-- Monthly partitions (months in UTC), and the end of the functions of 000008.

-- Makes the partitions of one table for every month from that of first_time to that of last_time, and moves rows of those
-- months there from the default partition. Months that have a partition are left alone. Returns how many were made.
CREATE FUNCTION handoff_create_monthly_partitions(target text, first_time timestamptz, last_time timestamptz)
RETURNS integer LANGUAGE plpgsql AS $function$
DECLARE
  month timestamp := date_trunc('month', first_time AT TIME ZONE 'UTC');
  lower_bound timestamptz;
  upper_bound timestamptz;
  time_column text;
  partition text;
  waiting boolean;
  made integer := 0;
BEGIN
  SELECT a.attname INTO STRICT time_column
  FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
  WHERE p.partrelid = to_regclass(target);
  -- Two replicas may do this at once.
  PERFORM pg_advisory_xact_lock(4871203591174022);
  WHILE month <= last_time AT TIME ZONE 'UTC' LOOP
    partition := target || to_char(month, '"_y"YYYY"m"MM');
    lower_bound := month AT TIME ZONE 'UTC';
    upper_bound := (month + interval '1 month') AT TIME ZONE 'UTC';
    month := month + interval '1 month';
    CONTINUE WHEN to_regclass(quote_ident(partition)) IS NOT NULL;
    BEGIN
      -- Attaching locks the parent less than CREATE TABLE ... PARTITION OF does.
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition, target);
      EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I >= %L AND %I < %L)',
        target || '_default', time_column, lower_bound, time_column, upper_bound) INTO waiting;
      IF waiting THEN
        EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', target || '_default');
        EXECUTE format('WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
          target || '_default', time_column, lower_bound, time_column, upper_bound, partition);
      END IF;
      EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', target, partition, lower_bound, upper_bound);
      made := made + 1;
    EXCEPTION WHEN invalid_object_definition THEN
      -- That time already belongs to another partition: an earlier server's table covers the months before the exchange.
      NULL;
    END;
  END LOOP;
  RETURN made;
END
$function$;

-- This month's partitions and those of the coming months, of every log table. Cheap when they exist; call it daily.
CREATE FUNCTION handoff_create_partitions(months_ahead integer DEFAULT 3) RETURNS integer LANGUAGE sql AS $function$
  SELECT sum(handoff_create_monthly_partitions(target, now(), now() + make_interval(months => months_ahead)))::integer
  FROM (VALUES ('session_lifecycle'), ('system_metrics'), ('performance_logs')) AS tables (target)
$function$;

SELECT handoff_create_partitions();

DROP FUNCTION handoff_set_aside(text);
DROP FUNCTION handoff_attach_earlier(text, text);
DROP FUNCTION handoff_restore_dependents(text);
