-- Retention of the log tables: whole partitions go. Detaching changes the catalogue only, and the table is dropped afterwards,
-- when nobody uses it any more. DETACH CONCURRENTLY is not possible beside a default partition; so each attempt waits for the
-- table a fifth of a second at most, since all who write queue behind it meanwhile, and the caller tries again.

-- Detaches the oldest partition of one table that lies wholly before a time, and marks it by its name. Returns the new name, or
-- NULL when there is none.
CREATE FUNCTION handoff_detach_expired_partition(target text, older_than timestamptz) RETURNS text LANGUAGE plpgsql
SET lock_timeout = '200ms'
AS $function$
DECLARE
  partition text;
  marked text;
BEGIN
  -- Also taken by the functions that make partitions.
  PERFORM pg_advisory_xact_lock(4871203591174022);
  SELECT bounds.relname INTO partition
  FROM (
    SELECT c.relname, substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \(''([^'']+)''\)')::timestamptz AS upper_bound
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = to_regclass(target) AND c.relkind = 'r'
  ) AS bounds
  WHERE bounds.upper_bound <= older_than
  ORDER BY bounds.upper_bound
  LIMIT 1;
  IF partition IS NULL THEN
    RETURN NULL;
  END IF;
  marked := left(partition, 55) || '_expired';
  EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', target, partition);
  EXECUTE format('ALTER TABLE %I RENAME TO %I', partition, marked);
  RETURN marked;
END
$function$;

-- Drops one table that was detached, whether just now or by a process that then died. Lifecycle events of sessions on hold go back
-- first, into the default partition. Returns its name, or NULL when there is none.
CREATE FUNCTION handoff_drop_expired_partition(target text) RETURNS text LANGUAGE plpgsql
SET lock_timeout = '200ms'
AS $function$
DECLARE
  partition text;
BEGIN
  PERFORM pg_advisory_xact_lock(4871203591174022);
  SELECT c.relname INTO partition
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = current_schema() AND c.relkind = 'r' AND NOT c.relispartition
    AND c.relname ~ ('^' || target || '_.*_expired$')
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

-- Deletes rows of the default partition that are older than the retention: what came with a wrong clock, and what was kept for a
-- hold that has ended. At most max_rows of them; returns how many.
CREATE FUNCTION handoff_delete_stray_rows(target text, older_than timestamptz, max_rows integer) RETURNS integer LANGUAGE plpgsql AS $function$
DECLARE
  time_column text;
  deleted integer;
BEGIN
  SELECT a.attname INTO STRICT time_column
  FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
  WHERE p.partrelid = to_regclass(target);
  EXECUTE format('DELETE FROM %1$I WHERE ctid = ANY (ARRAY(
      SELECT e.ctid FROM %1$I e WHERE e.%2$I < $1 %3$s ORDER BY e.%2$I LIMIT $2 FOR UPDATE SKIP LOCKED))',
    target || '_default', time_column,
    CASE WHEN target = 'session_lifecycle' THEN 'AND NOT EXISTS (SELECT FROM session_holds h WHERE h.session_id = e.session_id)' ELSE '' END)
  USING older_than, max_rows;
  GET DIAGNOSTICS deleted = ROW_COUNT;
  RETURN deleted;
END
$function$;

-- Makes the monthly partitions of one table as before, but holds writers up for a fifth of a second at most while it waits for them.
CREATE OR REPLACE FUNCTION handoff_create_monthly_partitions(target text, first_time timestamptz, last_time timestamptz)
RETURNS integer LANGUAGE plpgsql
-- Nobody waits behind the lock of those who make partitions.
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
      -- Whoever writes meanwhile queues behind this: better give up and be called again than hold them for as long as some forgotten
      -- transaction stays open.
      PERFORM set_config('lock_timeout', '200ms', true);
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
