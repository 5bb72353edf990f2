-- The tables of this server need not be in the first schema of the search path: "$user" comes before public, and may be made later. Partitions
-- were then made in that other schema, and detached ones were looked for there and nowhere else, so that those beside their table stayed for
-- ever. Now they are made beside their table, and dropped wherever they are.

-- As in 000032. A role that may not create tables there goes on making them where it may.
CREATE OR REPLACE FUNCTION handoff_create_monthly_partitions(target text, first_time timestamptz, last_time timestamptz)
RETURNS integer LANGUAGE plpgsql
-- Nobody waits behind the lock of those who make partitions.
SET lock_timeout = '5s'
AS $function$
DECLARE
  month timestamp := date_trunc('month', first_time AT TIME ZONE 'UTC');
  lower_bound timestamptz;
  upper_bound timestamptz;
  parent regclass;
  home text;
  default_partition text;
  time_column text;
  partition text;
  waiting boolean;
  locked boolean := false;
  made integer := 0;
BEGIN
  SELECT p.partrelid, a.attname, CASE WHEN has_schema_privilege(n.oid, 'CREATE') THEN n.nspname ELSE current_schema() END,
    format('%I.%I', n.nspname, target || '_default')
  INTO STRICT parent, time_column, home, default_partition
  FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
    JOIN pg_class c ON c.oid = p.partrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE p.partrelid = to_regclass(target);
  -- Two replicas may do this at once.
  PERFORM pg_advisory_xact_lock(4871203591174022);
  WHILE month <= last_time AT TIME ZONE 'UTC' LOOP
    partition := target || to_char(month, '"_y"YYYY"m"MM');
    lower_bound := month AT TIME ZONE 'UTC';
    upper_bound := (month + interval '1 month') AT TIME ZONE 'UTC';
    month := month + interval '1 month';
    CONTINUE WHEN to_regclass(format('%I.%I', home, partition)) IS NOT NULL
      OR EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = parent AND c.relname = partition);
    IF NOT locked THEN
      -- Before anything below it is locked, or a writer that holds this and waits for that would make a deadlock. Readers go on.
      -- Whoever writes meanwhile queues behind this: better give up and be called again than hold them for as long as some forgotten
      -- transaction stays open.
      PERFORM set_config('lock_timeout', '200ms', true);
      EXECUTE format('LOCK TABLE ONLY %s IN SHARE ROW EXCLUSIVE MODE', parent);
      locked := true;
    END IF;
    BEGIN
      -- Attaching locks the parent less than CREATE TABLE ... PARTITION OF does.
      EXECUTE format('CREATE TABLE %I.%I (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', home, partition, parent);
      EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE %I >= %L AND %I < %L)',
        default_partition, time_column, lower_bound, time_column, upper_bound) INTO waiting;
      IF waiting THEN
        EXECUTE format('WITH moved AS (DELETE FROM %s WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO %I.%I SELECT * FROM moved',
          default_partition, time_column, lower_bound, time_column, upper_bound, home, partition);
      END IF;
      EXECUTE format('ALTER TABLE %s ATTACH PARTITION %I.%I FOR VALUES FROM (%L) TO (%L)', parent, home, partition, lower_bound, upper_bound);
      made := made + 1;
    EXCEPTION WHEN invalid_object_definition THEN
      -- That time already belongs to another partition: an earlier server's table covers the months before the exchange.
      NULL;
    END;
  END LOOP;
  RETURN made;
END
$function$;

-- As in 000052. The comment on a table in another schema also names the schema of the table that it was a part of: another server's may be
-- there.
CREATE OR REPLACE FUNCTION handoff_detach_expired_partition(target text, older_than timestamptz) RETURNS text LANGUAGE plpgsql
SET lock_timeout = '200ms'
AS $function$
DECLARE
  partition regclass;
  marked text;
  described text;
  upper_bound timestamptz;
  drop_before timestamptz := handoff_rolled_up_before(target, older_than);
BEGIN
  -- Also taken by the functions that make partitions.
  PERFORM pg_advisory_xact_lock(4871203591174022);
  SELECT bounds.oid, left(bounds.relname, 55) || '_expired', bounds.described, bounds.upper_bound INTO partition, marked, described, upper_bound
  FROM (
    SELECT c.oid, c.relname, substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \(''([^'']+)''\)')::timestamptz AS upper_bound,
      CASE WHEN c.relnamespace = p.relnamespace THEN target ELSE format('%s.%s', n.nspname, target) END AS described
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
      JOIN pg_namespace n ON n.oid = p.relnamespace
    WHERE i.inhparent = to_regclass(target) AND c.relkind = 'r'
  ) AS bounds
  WHERE bounds.upper_bound <= drop_before
  ORDER BY bounds.upper_bound
  LIMIT 1;
  IF partition IS NULL THEN
    RETURN NULL;
  END IF;
  EXECUTE format('ALTER TABLE %I DETACH PARTITION %s', target, partition);
  EXECUTE format('ALTER TABLE %s RENAME TO %I', partition, marked);
  EXECUTE format('COMMENT ON TABLE %s IS %L', partition, 'handoff: expired partition of ' || described);
  PERFORM handoff_seal_rollups(target, upper_bound);
  RETURN marked;
END
$function$;

CREATE OR REPLACE FUNCTION handoff_drop_expired_partition(target text) RETURNS text LANGUAGE plpgsql
SET lock_timeout = '200ms'
AS $function$
DECLARE
  partition regclass;
  marked text;
BEGIN
  PERFORM pg_advisory_xact_lock(4871203591174022);
  SELECT c.oid, c.relname INTO partition, marked
  FROM pg_class c JOIN pg_class p ON p.oid = to_regclass(target) JOIN pg_namespace n ON n.oid = p.relnamespace
  WHERE c.relkind = 'r' AND NOT c.relispartition
    AND (c.relnamespace = p.relnamespace AND (obj_description(c.oid, 'pg_class') = 'handoff: expired partition of ' || target
        OR c.relname ~ ('^' || target || '_(y[0-9]{4,6}m[0-9]{2}|earlier)_expired$'))
      OR obj_description(c.oid, 'pg_class') = format('handoff: expired partition of %s.%s', n.nspname, target))
  ORDER BY c.relname
  LIMIT 1;
  IF partition IS NULL THEN
    RETURN NULL;
  END IF;
  IF target = 'session_lifecycle' THEN
    -- No hold comes in between.
    LOCK TABLE session_holds IN SHARE MODE;
    EXECUTE format('INSERT INTO %I (id, session_id, event_type, event_data, created_at)
      SELECT e.id, e.session_id, e.event_type, e.event_data, e.created_at FROM session_holds h JOIN %s e ON e.session_id = h.session_id
      ON CONFLICT DO NOTHING', target, partition);
  END IF;
  EXECUTE format('DROP TABLE %s', partition);
  RETURN marked;
END
$function$;

-- Those that were detached in another schema before this, and not dropped yet, get the comment that they would have now. Where that schema has
-- a table of that name, they are another server's.
DO $block$
DECLARE
  detached record;
BEGIN
  FOR detached IN
    SELECT c.oid::regclass AS name, format('%s.%s', p.relnamespace::regnamespace, p.relname) AS described
    FROM pg_class p JOIN pg_class c ON obj_description(c.oid, 'pg_class') = 'handoff: expired partition of ' || p.relname
      JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE p.relkind = 'p' AND p.oid = to_regclass(quote_ident(p.relname)) AND c.relkind = 'r' AND NOT c.relispartition
      AND n.oid <> p.relnamespace AND n.nspname = ANY (current_schemas(false)) AND pg_has_role(c.relowner, 'USAGE')
      AND to_regclass(format('%I.%I', n.nspname, p.relname)) IS NULL
  LOOP
    EXECUTE format('COMMENT ON TABLE %s IS %L', detached.name, 'handoff: expired partition of ' || detached.described);
  END LOOP;
END
$block$;
