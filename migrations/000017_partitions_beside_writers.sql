-- The function of 000012 refused rows that were being written while it made their month's partition (23514): a writer that
-- had chosen the default partition and then waited for it found afterwards that the default no longer takes that month.
-- Writers now wait one level higher, at the table itself, and choose their partition when they go on.

CREATE OR REPLACE FUNCTION handoff_create_monthly_partitions(target text, first_time timestamptz, last_time timestamptz)
RETURNS integer LANGUAGE plpgsql
-- Whoever writes meanwhile queues behind this: better give up and be called again than hold them for as long as some
-- forgotten transaction stays open.
SET lock_timeout = '5s'
AS $function$
DECLARE
  month timestamp := date_trunc('month', first_time AT TIME ZONE 'UTC');
  lower_bound timestamptz;
  upper_bound timestamptz;
  time_column text;
  partition text;
  waiting boolean;
  locked boolean := false;
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
    IF NOT locked THEN
      -- Before anything below it is locked, or a writer that holds this and waits for that would make a deadlock. Readers go on.
      EXECUTE format('LOCK TABLE ONLY %I IN SHARE ROW EXCLUSIVE MODE', target);
      locked := true;
    END IF;
    BEGIN
      -- Attaching locks the parent less than CREATE TABLE ... PARTITION OF does.
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition, target);
      EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I >= %L AND %I < %L)',
        target || '_default', time_column, lower_bound, time_column, upper_bound) INTO waiting;
      IF waiting THEN
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
