-- What the migrations make of an empty database, without the monthly partitions. Generated: do not edit.

CREATE OR REPLACE FUNCTION handoff_create_monthly_partitions(target text, first_time timestamp with time zone, last_time timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SET lock_timeout TO '5s'
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

CREATE OR REPLACE FUNCTION handoff_create_partitions(months_ahead integer DEFAULT 3)
 RETURNS integer
 LANGUAGE sql
AS $function$
  SELECT sum(handoff_create_monthly_partitions(target, now(), now() + make_interval(months => months_ahead)))::integer
  FROM (VALUES ('session_lifecycle'), ('system_metrics'), ('performance_logs')) AS tables (target)
$function$;

CREATE OR REPLACE FUNCTION handoff_delete_stray_rows(target text, older_than timestamp with time zone, max_rows integer)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
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

CREATE OR REPLACE FUNCTION handoff_detach_expired_partition(target text, older_than timestamp with time zone)
 RETURNS text
 LANGUAGE plpgsql
 SET lock_timeout TO '200ms'
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

CREATE OR REPLACE FUNCTION handoff_drop_expired_partition(target text)
 RETURNS text
 LANGUAGE plpgsql
 SET lock_timeout TO '200ms'
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

CREATE OR REPLACE FUNCTION handoff_drop_restored_facts()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  WITH restored AS (
    DELETE FROM analytics_facts f WHERE f.session_id = NEW.id RETURNING f.kind, f.at
  )
  INSERT INTO analytics_late_rows (kind, at) SELECT DISTINCT kind, at FROM restored;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION handoff_entry_measures(created_at timestamp with time zone, context_type text, agent text, bytes integer, metadata jsonb)
 RETURNS TABLE(kind text, at timestamp with time zone, measure text, labels jsonb, value double precision)
 LANGUAGE sql
 IMMUTABLE
AS $function$
  SELECT 'context', created_at, 'content_bytes', handoff_labels('context_type', context_type, 'agent', agent), bytes::double precision
  UNION ALL
  SELECT 'context', created_at, 'handed_over_entries',
    handoff_labels('request_type', metadata ->> 'requestType', 'target_agent', left(metadata ->> 'targetAgent', 100)),
    (metadata ->> 'totalContextEntries')::double precision
  WHERE context_type = 'system' AND metadata ->> 'action' = 'handoff_requested' AND jsonb_typeof(metadata -> 'totalContextEntries') = 'number'
$function$;

CREATE OR REPLACE FUNCTION handoff_event_measures(at timestamp with time zone, event_type text, event_data jsonb, s sessions)
 RETURNS TABLE(kind text, at timestamp with time zone, measure text, labels jsonb, value double precision)
 LANGUAGE sql
 STABLE
AS $function$
  SELECT 'transitions', $1, m.measure, handoff_labels('agent', s.agent_from, 'retention_policy', s.retention_policy), m.value
  FROM (SELECT CASE
      WHEN event_type IN ('expired', 'archived', 'restored', 'dormant', 'reactivated') THEN event_type
      WHEN event_type = 'status_changed' AND event_data ->> 'to' = 'completed' THEN 'completed'
      WHEN event_type = 'status_changed' AND event_data ->> 'to' = 'active' THEN 'reopened' END AS name) AS transition,
    LATERAL (
      SELECT transition.name, NULL::double precision WHERE transition.name IS NOT NULL
      UNION ALL
      SELECT ended.measure, ended.value FROM (VALUES
        ('session_us', handoff_microseconds(s.created_at, CASE transition.name WHEN 'expired' THEN s.last_activity_at ELSE $1 END)),
        ('session_entries', s.last_sequence_number::double precision),
        ('session_agents', handoff_participants(s.id, s.agent_from, s.agent_to, $1))
      ) AS ended (measure, value)
      WHERE transition.name = 'expired' OR transition.name = 'completed' AND NOT EXISTS (
        SELECT FROM session_lifecycle l
        WHERE l.session_id = s.id AND l.created_at > $1 AND l.event_type = 'status_changed' AND l.event_data ->> 'to' = 'active')
    ) AS m (measure, value)
$function$;

CREATE OR REPLACE FUNCTION handoff_is_erasing()
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  SELECT COALESCE(current_setting('handoff.is_erasing', true), '') = 'on'
$function$;

CREATE OR REPLACE FUNCTION handoff_keep_entry_facts()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF NOT handoff_is_erasing() THEN
    INSERT INTO analytics_facts (kind, at, session_id, measure, labels, slot, n, total, low, high)
    WITH alike AS (
      SELECT g.session_id, date_trunc('minute', g.created_at, 'UTC') AS at, g.context_type, g.agent,
        COALESCE(g.content_size_bytes, octet_length(g.content)) AS bytes, CASE WHEN g.context_type = 'system' THEN g.metadata END AS metadata,
        count(*) AS n
      FROM gone g
      WHERE isfinite(g.created_at)
      GROUP BY 1, 2, 3, 4, 5, 6
    ), present AS MATERIALIZED (
      SELECT s.id FROM sessions s WHERE s.id IN (SELECT a.session_id FROM alike a)
    )
    SELECT m.kind, m.at, p.id, m.measure, m.labels, handoff_slot(m.value), sum(a.n), sum(a.n * m.value), min(m.value), max(m.value)
    FROM alike a LEFT JOIN present p ON p.id = a.session_id, LATERAL handoff_entry_measures(a.at, a.context_type, a.agent, a.bytes, a.metadata) m
    GROUP BY 1, 2, 3, 4, 5, 6
    ORDER BY 2;
  END IF;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION handoff_keep_held_session()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF EXISTS (SELECT FROM session_holds WHERE session_id = OLD.id) THEN
    RETURN NULL;
  END IF;
  RETURN OLD;
END
$function$;

CREATE OR REPLACE FUNCTION handoff_keep_request_facts()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF NOT handoff_is_erasing() THEN
    INSERT INTO analytics_facts (kind, at, session_id, measure, labels, slot, n, total, low, high)
    SELECT m.kind, date_trunc('minute', m.at, 'UTC'), (SELECT s.id FROM sessions s WHERE s.id = g.session_id), m.measure, m.labels,
      handoff_slot(m.value), count(*), sum(m.value), min(m.value), max(m.value)
    FROM gone g, LATERAL handoff_request_measures(
      g.created_at, COALESCE(g.answered_at, g.completed_at), g.status, g.requesting_agent, g.target_agent, g.request_type) m
    WHERE isfinite(m.at)
    GROUP BY 1, 2, 3, 4, 5, 6;
  END IF;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION handoff_keep_session_facts()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF NOT handoff_is_erasing() THEN
    UPDATE analytics_facts SET session_id = NULL WHERE session_id = OLD.id;
    INSERT INTO analytics_facts (kind, at, session_id, measure, labels, slot, n, total, low, high)
    SELECT m.kind, date_trunc('minute', m.at, 'UTC'), NULL::uuid, m.measure, m.labels, handoff_slot(m.value),
      count(*), sum(m.value), min(m.value), max(m.value)
    FROM (
      SELECT * FROM handoff_session_measures(OLD.created_at, OLD.agent_from, OLD.retention_policy)
      UNION ALL
      SELECT e.* FROM session_lifecycle l, LATERAL handoff_event_measures(l.created_at, l.event_type, l.event_data, OLD) e
      WHERE l.session_id = OLD.id
      UNION ALL
      SELECT 'transitions', now(), 'purged', handoff_labels('agent', OLD.agent_from, 'retention_policy', OLD.retention_policy), NULL
    ) AS m
    WHERE isfinite(m.at)
    GROUP BY 1, 2, 3, 4, 5, 6;
  END IF;
  RETURN OLD;
END
$function$;

CREATE OR REPLACE FUNCTION handoff_labels(VARIADIC pairs text[])
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT jsonb_strip_nulls(jsonb_object(pairs))
$function$;

CREATE OR REPLACE FUNCTION handoff_microseconds(since timestamp with time zone, until timestamp with time zone)
 RETURNS double precision
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT CASE WHEN isfinite(since) AND isfinite(until) THEN GREATEST(0, round(
    (extract(epoch FROM until AT TIME ZONE 'UTC') - extract(epoch FROM since AT TIME ZONE 'UTC')) * 1000000))::double precision END
$function$;

CREATE OR REPLACE FUNCTION handoff_note_archive_leftover()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO archive_leftovers (object_key, session_id, store, location)
  VALUES (OLD.object_key, OLD.session_id, OLD.store, OLD.location)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION handoff_note_late_decision()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO analytics_late_rows (kind, at) VALUES ('handoffs', COALESCE(NEW.answered_at, NEW.completed_at));
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION handoff_note_late_row()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO analytics_late_rows (kind, at) VALUES (TG_ARGV[0], NEW.created_at);
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION handoff_note_late_sample()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO analytics_late_rows (kind, at) VALUES ('resources', NEW.recorded_at);
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION handoff_note_other_policy()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO analytics_late_rows (kind, at) SELECT 'sessions', NEW.created_at WHERE isfinite(NEW.created_at);
  INSERT INTO analytics_late_rows (kind, at) SELECT 'transitions', l.created_at FROM session_lifecycle l
  WHERE l.session_id = NEW.id AND isfinite(l.created_at);
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION handoff_note_past_agent()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO session_past_agents (session_id, agent, session_created_at)
  VALUES (OLD.id, OLD.agent_to, OLD.created_at)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION handoff_note_reopened()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO analytics_late_rows (kind, at)
  SELECT 'transitions', l.created_at FROM session_lifecycle l WHERE l.session_id = NEW.id AND l.event_data ->> 'to' = 'completed';
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION handoff_participants(of_session uuid, agent_from text, agent_to text, until timestamp with time zone)
 RETURNS double precision
 LANGUAGE sql
 STABLE
AS $function$
  SELECT count(DISTINCT agent)::double precision
  FROM (
    SELECT agent_from AS agent
    UNION ALL SELECT p.agent FROM session_past_agents p WHERE p.session_id = of_session AND p.noted_at <= until
    UNION ALL SELECT COALESCE(
      (SELECT p.agent FROM session_past_agents p WHERE p.session_id = of_session AND p.noted_at > until ORDER BY p.noted_at LIMIT 1), agent_to)
  ) AS had
$function$;

CREATE OR REPLACE FUNCTION handoff_request_measures(created_at timestamp with time zone, decided_at timestamp with time zone, status text, agent text, target_agent text, request_type text)
 RETURNS TABLE(kind text, at timestamp with time zone, measure text, labels jsonb, value double precision)
 LANGUAGE sql
 IMMUTABLE
AS $function$
  SELECT 'handoffs', m.at, m.measure,
    handoff_labels('agent', agent, 'target_agent', target_agent, 'route', agent || '->' || COALESCE(target_agent, ''), 'request_type', request_type), m.value
  FROM (VALUES
    (created_at, 'requested', NULL::double precision, true),
    (decided_at, CASE WHEN status IN ('accepted', 'completed') THEN 'accepted' WHEN status = 'rejected' THEN 'rejected' ELSE 'timed_out' END,
      NULL, decided_at IS NOT NULL),
    (decided_at, 'answer_us', handoff_microseconds(created_at, decided_at), decided_at IS NOT NULL AND status <> 'timed_out')
  ) AS m (at, measure, value, is_there)
  WHERE m.is_there
$function$;

CREATE OR REPLACE FUNCTION handoff_rolled_up_before(target text, older_than timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  SELECT LEAST(older_than, min(LEAST(w.rolled_up_to, COALESCE(late.at, 'infinity'))))
  FROM analytics_watermarks w
    LEFT JOIN LATERAL (
      SELECT min(l.at) AS at FROM analytics_late_rows l WHERE l.kind = w.kind AND l.at >= w.sealed_before
    ) AS late ON true
  WHERE w.kind = CASE target WHEN 'session_lifecycle' THEN 'transitions' WHEN 'performance_logs' THEN 'performance' ELSE 'resources' END
    AND w.updated_at > now() - interval '30 days'
$function$;

CREATE OR REPLACE FUNCTION handoff_seal_rollups(target text, before timestamp with time zone)
 RETURNS void
 LANGUAGE sql
AS $function$
  UPDATE analytics_watermarks SET sealed_before = GREATEST(sealed_before, before)
  WHERE kind = CASE target WHEN 'session_lifecycle' THEN 'transitions' WHEN 'performance_logs' THEN 'performance' ELSE 'resources' END
$function$;

CREATE OR REPLACE FUNCTION handoff_session_measures(created_at timestamp with time zone, agent_from text, retention_policy text)
 RETURNS TABLE(kind text, at timestamp with time zone, measure text, labels jsonb, value double precision)
 LANGUAGE sql
 IMMUTABLE
AS $function$
  SELECT 'sessions', created_at, 'opened', handoff_labels('agent', agent_from, 'retention_policy', retention_policy), NULL::double precision
$function$;

CREATE OR REPLACE FUNCTION handoff_set_updated_at()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$function$;

CREATE OR REPLACE FUNCTION handoff_slot(value double precision)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT (128 * width_bucket(LEAST(140737488355327, GREATEST(0, round(value)))::bigint, '{256,512,1024,2048,4096,8192,16384,32768,65536,
      131072,262144,524288,1048576,2097152,4194304,8388608,16777216,33554432,67108864,134217728,268435456,536870912,1073741824,2147483648,
      4294967296,8589934592,17179869184,34359738368,68719476736,137438953472,274877906944,549755813888,1099511627776,2199023255552,
      4398046511104,8796093022208,17592186044416,35184372088832,70368744177664,140737488355328}'::bigint[])
    + (LEAST(140737488355327, GREATEST(0, round(value)))::bigint
      >> width_bucket(LEAST(140737488355327, GREATEST(0, round(value)))::bigint, '{256,512,1024,2048,4096,8192,16384,32768,65536,
      131072,262144,524288,1048576,2097152,4194304,8388608,16777216,33554432,67108864,134217728,268435456,536870912,1073741824,2147483648,
      4294967296,8589934592,17179869184,34359738368,68719476736,137438953472,274877906944,549755813888,1099511627776,2199023255552,
      4398046511104,8796093022208,17592186044416,35184372088832,70368744177664,140737488355328}'::bigint[])))::integer
$function$;

CREATE OR REPLACE FUNCTION handoff_time_ordered_id()
 RETURNS uuid
 LANGUAGE sql
 PARALLEL SAFE
AS $function$
  SELECT encode(set_bit(set_bit(overlay(
    uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6
  ), 52, 1), 53, 1), 'hex')::uuid
$function$;

CREATE TABLE alert_breaches (
  alert character varying(100) NOT NULL,
  scope character varying(255) NOT NULL,
  server character varying(255) NOT NULL,
  value double precision NOT NULL,
  threshold double precision NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT alert_breaches_pkey PRIMARY KEY (alert, scope, server)
);

CREATE TABLE alert_states (
  alert character varying(100) NOT NULL,
  scope character varying(255) NOT NULL,
  started_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT alert_states_pkey PRIMARY KEY (alert, scope)
);

CREATE TABLE analytics_aggregations (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  aggregation_type character varying(50) NOT NULL,
  time_bucket timestamp with time zone NOT NULL,
  aggregation_data jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now(),
  granularity character varying(10) NOT NULL DEFAULT ''::character varying,
  dimension character varying(30) NOT NULL DEFAULT ''::character varying,
  dimension_value character varying(255) NOT NULL DEFAULT ''::character varying,
  sketches jsonb,
  CONSTRAINT analytics_aggregations_pkey PRIMARY KEY (id)
);

CREATE TABLE analytics_anomalies (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  kind character varying(50) NOT NULL,
  subject character varying(100) NOT NULL,
  started_at timestamp with time zone NOT NULL,
  detected_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  end_cause character varying(20),
  severity character varying(10) NOT NULL,
  direction character varying(10) NOT NULL,
  score double precision NOT NULL,
  peak_at timestamp with time zone NOT NULL,
  observed double precision,
  expected double precision,
  expected_low double precision,
  expected_high double precision,
  evidence jsonb NOT NULL,
  traces text[] NOT NULL DEFAULT '{}'::text[],
  CONSTRAINT analytics_anomalies_kind_subject_detected_at_key UNIQUE (kind, subject, detected_at),
  CONSTRAINT analytics_anomalies_pkey PRIMARY KEY (id)
);

CREATE TABLE analytics_detectors (
  kind character varying(50) NOT NULL,
  subject character varying(100) NOT NULL,
  judged_to timestamp with time zone NOT NULL,
  state bytea NOT NULL DEFAULT '\x'::bytea,
  last_bucket_at timestamp with time zone,
  CONSTRAINT analytics_detectors_pkey PRIMARY KEY (kind, subject)
);

CREATE TABLE analytics_facts (
  kind character varying(50) NOT NULL,
  at timestamp with time zone NOT NULL,
  session_id uuid,
  measure character varying(30) NOT NULL,
  labels jsonb NOT NULL,
  slot integer,
  n bigint NOT NULL,
  total double precision,
  low double precision,
  high double precision
);

CREATE TABLE analytics_late_rows (
  kind character varying(50) NOT NULL,
  at timestamp with time zone NOT NULL,
  noted_at timestamp with time zone NOT NULL DEFAULT now()
);

CREATE TABLE analytics_watermarks (
  kind character varying(50) NOT NULL,
  rolled_up_to timestamp with time zone NOT NULL,
  sealed_before timestamp with time zone NOT NULL DEFAULT '-infinity'::timestamp with time zone,
  source_rows bigint NOT NULL DEFAULT 0,
  late_rows bigint NOT NULL DEFAULT 0,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT analytics_watermarks_pkey PRIMARY KEY (kind)
);

CREATE TABLE archive_leftovers (
  object_key character varying(255) NOT NULL,
  session_id uuid NOT NULL,
  store character varying(20) NOT NULL,
  location text NOT NULL,
  noted_at timestamp with time zone NOT NULL DEFAULT now(),
  given_up_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT archive_leftovers_pkey PRIMARY KEY (object_key)
);

CREATE TABLE codebase_snapshots (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  session_id uuid NOT NULL,
  file_path character varying(500) NOT NULL,
  content_hash character varying(64) NOT NULL,
  content text,
  analysis_result jsonb NOT NULL DEFAULT '{}'::jsonb,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT codebase_snapshots_pkey PRIMARY KEY (id),
  CONSTRAINT codebase_snapshots_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE
);

CREATE TABLE context_history (
  id uuid NOT NULL DEFAULT handoff_time_ordered_id(),
  session_id uuid NOT NULL,
  sequence_number integer NOT NULL,
  context_type character varying(50) NOT NULL,
  content text NOT NULL,
  metadata jsonb NOT NULL DEFAULT '{}'::jsonb,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  processing_time_ms double precision,
  content_size_bytes integer,
  agent character varying(100),
  CONSTRAINT context_history_pkey PRIMARY KEY (id),
  CONSTRAINT context_history_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  CONSTRAINT context_history_session_id_sequence_number_key UNIQUE (session_id, sequence_number)
);

CREATE TABLE deletion_records (
  id bigint NOT NULL,
  deleted_at timestamp with time zone NOT NULL DEFAULT now(),
  session_id uuid NOT NULL,
  cause character varying(20) NOT NULL,
  retention_policy character varying(50),
  deleted_by character varying(100) NOT NULL,
  deleted jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT deletion_records_pkey PRIMARY KEY (id)
);

CREATE TABLE handoff_migrations (
  version integer NOT NULL,
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT handoff_migrations_pkey PRIMARY KEY (version)
);

CREATE TABLE handoff_requests (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  session_id uuid NOT NULL,
  requesting_agent character varying(100) NOT NULL,
  target_agent character varying(100),
  request_type character varying(50) NOT NULL DEFAULT 'context_transfer'::character varying,
  request_data jsonb NOT NULL DEFAULT '{}'::jsonb,
  status character varying(50) NOT NULL DEFAULT 'pending'::character varying,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  completed_at timestamp with time zone,
  answered_at timestamp with time zone,
  answered_by character varying(100),
  answer jsonb,
  delivered_at timestamp with time zone,
  CONSTRAINT handoff_requests_pkey PRIMARY KEY (id),
  CONSTRAINT handoff_requests_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE
);

CREATE TABLE inbox_agents (
  agent character varying(100) NOT NULL,
  first_used_at timestamp with time zone NOT NULL DEFAULT now(),
  last_used_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT inbox_agents_pkey PRIMARY KEY (agent)
);

CREATE TABLE job_settings (
  name character varying(100) NOT NULL,
  interval_ms bigint,
  enabled boolean,
  max_retries integer,
  retry_delay_ms bigint,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT job_settings_interval_ms_check CHECK ((interval_ms > 0)),
  CONSTRAINT job_settings_max_retries_check CHECK ((max_retries >= 0)),
  CONSTRAINT job_settings_pkey PRIMARY KEY (name),
  CONSTRAINT job_settings_retry_delay_ms_check CHECK ((retry_delay_ms >= 0))
);

CREATE TABLE job_statistics (
  name character varying(100) NOT NULL,
  total_runs bigint NOT NULL DEFAULT 0,
  successful_runs bigint NOT NULL DEFAULT 0,
  failed_runs bigint NOT NULL DEFAULT 0,
  total_duration_ms double precision NOT NULL DEFAULT 0,
  last_run_at timestamp with time zone,
  last_success_at timestamp with time zone,
  last_failure_at timestamp with time zone,
  CONSTRAINT job_statistics_pkey PRIMARY KEY (name)
);

CREATE TABLE performance_logs (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  operation character varying(100) NOT NULL,
  duration_ms double precision NOT NULL,
  success boolean NOT NULL,
  session_id uuid,
  metadata jsonb DEFAULT '{}'::jsonb,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT performance_logs_pkey PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);

CREATE TABLE retention_changes (
  id bigint NOT NULL,
  changed_at timestamp with time zone NOT NULL DEFAULT now(),
  changed_by character varying(100) NOT NULL,
  subject character varying(20) NOT NULL,
  subject_id character varying(255) NOT NULL,
  before jsonb,
  after jsonb,
  CONSTRAINT retention_changes_pkey PRIMARY KEY (id)
);

CREATE TABLE retention_policies (
  name character varying(50) NOT NULL,
  active_session_ttl_hours double precision NOT NULL,
  archived_session_ttl_days double precision NOT NULL,
  log_retention_days double precision NOT NULL,
  metrics_retention_days double precision NOT NULL,
  dormant_threshold_hours double precision NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_by character varying(100) NOT NULL DEFAULT 'handoff-otel'::character varying,
  CONSTRAINT retention_policies_active_session_ttl_hours_check CHECK ((active_session_ttl_hours > (0)::double precision)),
  CONSTRAINT retention_policies_archived_session_ttl_days_check CHECK ((archived_session_ttl_days >= (0)::double precision)),
  CONSTRAINT retention_policies_dormant_threshold_hours_check CHECK ((dormant_threshold_hours > (0)::double precision)),
  CONSTRAINT retention_policies_log_retention_days_check CHECK ((log_retention_days > (0)::double precision)),
  CONSTRAINT retention_policies_metrics_retention_days_check CHECK ((metrics_retention_days > (0)::double precision)),
  CONSTRAINT retention_policies_pkey PRIMARY KEY (name)
);

CREATE TABLE retention_rules (
  id bigint NOT NULL,
  "position" integer NOT NULL,
  policy character varying(50) NOT NULL,
  agent character varying(100),
  metadata jsonb,
  request_type character varying(50),
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT retention_rules_check CHECK (((agent IS NOT NULL) OR (metadata IS NOT NULL) OR (request_type IS NOT NULL))),
  CONSTRAINT retention_rules_pkey PRIMARY KEY (id),
  CONSTRAINT retention_rules_policy_fkey FOREIGN KEY (policy) REFERENCES retention_policies(name)
);

CREATE TABLE session_archives (
  session_id uuid NOT NULL,
  object_key character varying(255) NOT NULL,
  store character varying(20) NOT NULL,
  location text NOT NULL,
  sha256 text NOT NULL,
  stored_bytes bigint NOT NULL,
  content_bytes bigint NOT NULL,
  entry_count integer NOT NULL,
  snapshot_count integer NOT NULL,
  handoff_count integer NOT NULL,
  written_at timestamp with time zone NOT NULL DEFAULT now(),
  facts jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT session_archives_pkey PRIMARY KEY (session_id),
  CONSTRAINT session_archives_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE
);

CREATE TABLE session_holds (
  session_id uuid NOT NULL,
  reason text NOT NULL,
  placed_by character varying(100) NOT NULL,
  placed_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT session_holds_pkey PRIMARY KEY (session_id)
);

CREATE TABLE session_lifecycle (
  id uuid NOT NULL DEFAULT handoff_time_ordered_id(),
  session_id uuid NOT NULL,
  event_type character varying(50) NOT NULL,
  event_data jsonb DEFAULT '{}'::jsonb,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT session_lifecycle_pkey PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);

CREATE TABLE session_past_agents (
  session_id uuid NOT NULL,
  agent character varying(100) NOT NULL,
  session_created_at timestamp with time zone NOT NULL,
  noted_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT session_past_agents_pkey PRIMARY KEY (session_id, agent),
  CONSTRAINT session_past_agents_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE
);

CREATE TABLE sessions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  session_key character varying(255) NOT NULL,
  agent_from character varying(100) NOT NULL,
  agent_to character varying(100),
  status character varying(50) NOT NULL DEFAULT 'active'::character varying,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone,
  metadata jsonb NOT NULL DEFAULT '{}'::jsonb,
  last_activity_at timestamp with time zone NOT NULL DEFAULT now(),
  is_dormant boolean NOT NULL DEFAULT false,
  archived_at timestamp with time zone,
  retention_policy character varying(50) NOT NULL DEFAULT 'standard'::character varying,
  last_sequence_number integer NOT NULL DEFAULT 0,
  ttl_hours double precision DEFAULT 24,
  dormancy_check_at timestamp with time zone NOT NULL DEFAULT '-infinity'::timestamp with time zone,
  CONSTRAINT sessions_pkey PRIMARY KEY (id),
  CONSTRAINT sessions_session_key_key UNIQUE (session_key)
) WITH (fillfactor=70);

CREATE TABLE sweep_positions (
  name character varying(100) NOT NULL,
  "position" text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT sweep_positions_pkey PRIMARY KEY (name)
);

CREATE TABLE system_events (
  id uuid NOT NULL,
  event_type character varying(50) NOT NULL,
  subject character varying(100) NOT NULL,
  server character varying(255) NOT NULL,
  event_data jsonb NOT NULL DEFAULT '{}'::jsonb,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT system_events_pkey PRIMARY KEY (id)
);

CREATE TABLE system_metrics (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  metric_name character varying(100) NOT NULL,
  metric_value numeric NOT NULL,
  metric_type character varying(50) NOT NULL,
  labels jsonb DEFAULT '{}'::jsonb,
  recorded_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT system_metrics_pkey PRIMARY KEY (id, recorded_at)
) PARTITION BY RANGE (recorded_at);

CREATE TABLE performance_logs_default PARTITION OF performance_logs DEFAULT;

CREATE TABLE session_lifecycle_default PARTITION OF session_lifecycle DEFAULT;

CREATE TABLE system_metrics_default PARTITION OF system_metrics DEFAULT;

CREATE UNIQUE INDEX analytics_aggregations_key ON analytics_aggregations USING btree (aggregation_type, granularity, dimension, time_bucket, dimension_value);

CREATE UNIQUE INDEX analytics_anomalies_open_key ON analytics_anomalies USING btree (kind, subject) WHERE (ended_at IS NULL);

CREATE INDEX analytics_anomalies_started_idx ON analytics_anomalies USING btree (started_at);

CREATE INDEX analytics_facts_at_idx ON analytics_facts USING btree (at, kind);

CREATE INDEX analytics_facts_session_idx ON analytics_facts USING btree (session_id) WHERE (session_id IS NOT NULL);

CREATE INDEX analytics_late_rows_idx ON analytics_late_rows USING btree (kind, at);

CREATE INDEX archive_leftovers_noted_at_idx ON archive_leftovers USING btree (noted_at);

CREATE INDEX archive_leftovers_session_idx ON archive_leftovers USING btree (session_id, noted_at);

CREATE INDEX codebase_snapshots_file_path_idx ON codebase_snapshots USING btree (file_path);

CREATE INDEX codebase_snapshots_session_id_idx ON codebase_snapshots USING btree (session_id);

CREATE INDEX context_history_created_at_idx ON context_history USING brin (created_at);

CREATE INDEX context_history_time_idx ON context_history USING btree (created_at);

CREATE INDEX deletion_records_session_idx ON deletion_records USING btree (session_id);

CREATE INDEX handoff_requests_arrivals_idx ON handoff_requests USING btree (created_at) WHERE ((status)::text = 'pending'::text);

CREATE INDEX handoff_requests_decided_idx ON handoff_requests USING btree (COALESCE(answered_at, completed_at)) WHERE (COALESCE(answered_at, completed_at) IS NOT NULL);

CREATE INDEX handoff_requests_inbox_idx ON handoff_requests USING btree (target_agent, status, created_at);

CREATE INDEX handoff_requests_session_id_idx ON handoff_requests USING btree (session_id);

CREATE INDEX handoff_requests_status_idx ON handoff_requests USING btree (status);

CREATE INDEX handoff_requests_time_idx ON handoff_requests USING btree (created_at);

CREATE INDEX performance_logs_created_at_idx ON ONLY performance_logs USING brin (created_at);

CREATE INDEX performance_logs_operation_created_at_idx ON ONLY performance_logs USING btree (operation, created_at);

CREATE INDEX retention_changes_subject_idx ON retention_changes USING btree (subject, subject_id, id);

CREATE INDEX session_lifecycle_created_at_idx ON ONLY session_lifecycle USING btree (created_at);

CREATE INDEX session_lifecycle_session_id_idx ON ONLY session_lifecycle USING btree (session_id);

CREATE INDEX session_past_agents_agent_idx ON session_past_agents USING btree (agent, session_created_at, session_id);

CREATE INDEX sessions_agent_from_idx ON sessions USING btree (agent_from, created_at);

CREATE INDEX sessions_agent_to_idx ON sessions USING btree (agent_to, created_at) WHERE (agent_to IS NOT NULL);

CREATE INDEX sessions_archived_idx ON sessions USING btree (retention_policy, archived_at) WHERE (archived_at IS NOT NULL);

CREATE INDEX sessions_created_at_idx ON sessions USING btree (created_at, id);

CREATE INDEX sessions_dormancy_idx ON sessions USING btree (dormancy_check_at) WHERE (((status)::text = 'active'::text) AND (archived_at IS NULL) AND (is_dormant IS NOT TRUE));

CREATE INDEX sessions_due_idx ON sessions USING btree (expires_at) WHERE (((status)::text = 'active'::text) AND (archived_at IS NULL));

CREATE INDEX sessions_ended_idx ON sessions USING btree (expires_at) WHERE (((status)::text <> 'active'::text) AND (archived_at IS NULL));

CREATE INDEX sessions_long_lived_idx ON sessions USING btree (created_at, id) WHERE (((status)::text = 'active'::text) AND (archived_at IS NULL) AND ((ttl_hours IS NULL) OR (ttl_hours > (168)::double precision)));

CREATE INDEX system_events_created_idx ON system_events USING btree (created_at);

CREATE INDEX system_metrics_name_recorded_at_idx ON ONLY system_metrics USING btree (metric_name, recorded_at);

CREATE INDEX system_metrics_recorded_at_idx ON ONLY system_metrics USING btree (recorded_at);

CREATE TRIGGER handoff_entry_facts AFTER DELETE ON context_history REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION handoff_keep_entry_facts();

CREATE TRIGGER handoff_late_row AFTER INSERT ON context_history FOR EACH ROW WHEN (((new.created_at < (clock_timestamp() - '00:01:00'::interval)) AND isfinite(new.created_at))) EXECUTE FUNCTION handoff_note_late_row('context');

CREATE TRIGGER handoff_late_change AFTER UPDATE ON handoff_requests FOR EACH ROW WHEN (((COALESCE(new.answered_at, new.completed_at) < (clock_timestamp() - '00:01:00'::interval)) AND isfinite(COALESCE(new.answered_at, new.completed_at)) AND (COALESCE(old.answered_at, old.completed_at) IS DISTINCT FROM COALESCE(new.answered_at, new.completed_at)))) EXECUTE FUNCTION handoff_note_late_decision();

CREATE TRIGGER handoff_late_decision AFTER INSERT ON handoff_requests FOR EACH ROW WHEN (((COALESCE(new.answered_at, new.completed_at) < (clock_timestamp() - '00:01:00'::interval)) AND isfinite(COALESCE(new.answered_at, new.completed_at)))) EXECUTE FUNCTION handoff_note_late_decision();

CREATE TRIGGER handoff_late_row AFTER INSERT ON handoff_requests FOR EACH ROW WHEN (((new.created_at < (clock_timestamp() - '00:01:00'::interval)) AND isfinite(new.created_at))) EXECUTE FUNCTION handoff_note_late_row('handoffs');

CREATE TRIGGER handoff_request_facts AFTER DELETE ON handoff_requests REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION handoff_keep_request_facts();

CREATE TRIGGER handoff_late_row AFTER INSERT ON performance_logs FOR EACH ROW WHEN (((new.created_at < (clock_timestamp() - '00:01:00'::interval)) AND isfinite(new.created_at))) EXECUTE FUNCTION handoff_note_late_row('performance');

CREATE TRIGGER handoff_late_row AFTER INSERT ON performance_logs_default FOR EACH ROW WHEN (((new.created_at < (clock_timestamp() - '00:01:00'::interval)) AND isfinite(new.created_at))) EXECUTE FUNCTION handoff_note_late_row('performance');

CREATE TRIGGER handoff_session_archives_leftover AFTER DELETE ON session_archives FOR EACH ROW EXECUTE FUNCTION handoff_note_archive_leftover();

CREATE TRIGGER handoff_late_row AFTER INSERT ON session_lifecycle FOR EACH ROW WHEN (((new.created_at < (clock_timestamp() - '00:01:00'::interval)) AND isfinite(new.created_at))) EXECUTE FUNCTION handoff_note_late_row('transitions');

CREATE TRIGGER handoff_late_row AFTER INSERT ON session_lifecycle_default FOR EACH ROW WHEN (((new.created_at < (clock_timestamp() - '00:01:00'::interval)) AND isfinite(new.created_at))) EXECUTE FUNCTION handoff_note_late_row('transitions');

CREATE TRIGGER handoff_late_row AFTER INSERT ON sessions FOR EACH ROW WHEN (((new.created_at < (clock_timestamp() - '00:01:00'::interval)) AND isfinite(new.created_at))) EXECUTE FUNCTION handoff_note_late_row('sessions');

CREATE TRIGGER handoff_other_policy AFTER UPDATE OF retention_policy ON sessions FOR EACH ROW WHEN (((old.retention_policy)::text IS DISTINCT FROM (new.retention_policy)::text)) EXECUTE FUNCTION handoff_note_other_policy();

CREATE TRIGGER handoff_reopened AFTER UPDATE OF status ON sessions FOR EACH ROW WHEN ((((old.status)::text = 'completed'::text) AND ((new.status)::text = 'active'::text))) EXECUTE FUNCTION handoff_note_reopened();

CREATE TRIGGER handoff_restored_facts AFTER UPDATE OF archived_at ON sessions FOR EACH ROW WHEN (((old.archived_at IS NOT NULL) AND (new.archived_at IS NULL))) EXECUTE FUNCTION handoff_drop_restored_facts();

CREATE TRIGGER handoff_sessions_hold BEFORE DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION handoff_keep_held_session();

CREATE TRIGGER handoff_sessions_past_agent AFTER UPDATE OF agent_to ON sessions FOR EACH ROW WHEN (((old.agent_to IS NOT NULL) AND ((old.agent_to)::text IS DISTINCT FROM (new.agent_to)::text))) EXECUTE FUNCTION handoff_note_past_agent();

CREATE TRIGGER handoff_sessions_rollup BEFORE DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION handoff_keep_session_facts();

CREATE TRIGGER handoff_sessions_updated_at BEFORE UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION handoff_set_updated_at();

CREATE TRIGGER handoff_late_row AFTER INSERT ON system_metrics FOR EACH ROW WHEN (((new.recorded_at < (clock_timestamp() - '00:01:00'::interval)) AND isfinite(new.recorded_at))) EXECUTE FUNCTION handoff_note_late_sample();

CREATE TRIGGER handoff_late_row AFTER INSERT ON system_metrics_default FOR EACH ROW WHEN (((new.recorded_at < (clock_timestamp() - '00:01:00'::interval)) AND isfinite(new.recorded_at))) EXECUTE FUNCTION handoff_note_late_sample();

CREATE VIEW analytics_buckets AS
 SELECT a.aggregation_type,
    a.granularity,
    a.dimension,
    a.time_bucket,
    v.key AS dimension_value,
    v.value AS aggregation_data
   FROM analytics_aggregations a,
    LATERAL jsonb_each(a.aggregation_data) v(key, value)
  WHERE ((a.granularity)::text <> ''::text);

CREATE VIEW performance_monitoring_view AS
 SELECT p.operation,
    (sum(n.calls))::bigint AS calls,
    round((sum(n.total_ms) / NULLIF(sum(n.calls), (0)::numeric)), 2) AS avg_duration_ms,
    max(n.max_ms) AS max_duration_ms
   FROM ((performance_logs p
     CROSS JOIN LATERAL ( SELECT (((p.metadata ->> 'kind'::text) = 'summary'::text) AND (jsonb_typeof((p.metadata -> 'count'::text)) = 'number'::text) AND (jsonb_typeof((p.metadata -> 'sumMs'::text)) = 'number'::text) AND (jsonb_typeof((p.metadata -> 'maxMs'::text)) = 'number'::text)) AS is_summary,
            COALESCE(((p.metadata ->> 'kind'::text) = ANY (ARRAY['slow'::text, 'failed'::text])), false) AS is_sample) k)
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN k.is_summary THEN ((p.metadata ->> 'count'::text))::numeric
                    WHEN k.is_sample THEN (0)::numeric
                    ELSE (1)::numeric
                END AS calls,
                CASE
                    WHEN k.is_summary THEN ((p.metadata ->> 'sumMs'::text))::numeric
                    WHEN k.is_sample THEN (0)::numeric
                    ELSE (p.duration_ms)::numeric
                END AS total_ms,
                CASE
                    WHEN k.is_summary THEN ((p.metadata ->> 'maxMs'::text))::numeric
                    ELSE (p.duration_ms)::numeric
                END AS max_ms) n)
  GROUP BY p.operation;

CREATE VIEW session_monitoring_view AS
 SELECT s.id,
    s.session_key,
    s.agent_from,
    s.agent_to,
    s.status,
    s.created_at,
    s.updated_at,
    s.last_activity_at,
    s.is_dormant,
    s.archived_at,
    s.retention_policy,
        CASE
            WHEN ((s.expires_at IS NULL) OR ((s.status)::text = 'expired'::text)) THEN s.expires_at
            ELSE GREATEST(s.expires_at, (COALESCE(s.last_activity_at, s.updated_at) + make_interval(secs => (s.ttl_hours * (3600)::double precision))))
        END AS expires_at,
    (EXTRACT(epoch FROM (now() - s.last_activity_at)) / (3600)::numeric) AS hours_since_activity,
    COALESCE((a.entry_count)::bigint, ( SELECT count(*) AS count
           FROM context_history h
          WHERE (h.session_id = s.id))) AS context_entries,
    COALESCE((a.handoff_count)::bigint, ( SELECT count(*) AS count
           FROM handoff_requests r
          WHERE (r.session_id = s.id))) AS handoff_requests,
    ( SELECT l.event_type
           FROM session_lifecycle l
          WHERE (l.session_id = s.id)
          ORDER BY l.created_at DESC
         LIMIT 1) AS last_lifecycle_event
   FROM (sessions s
     LEFT JOIN session_archives a ON ((a.session_id = s.id)));

CREATE VIEW session_retention_view AS
 SELECT s.id,
    s.session_key,
        CASE
            WHEN (s.archived_at IS NOT NULL) THEN 'archived'::text
            WHEN (((s.status)::text = 'active'::text) AND s.is_dormant) THEN 'dormant'::text
            ELSE (s.status)::text
        END AS state,
    s.ttl_hours,
    (EXISTS ( SELECT
           FROM session_holds o
          WHERE (o.session_id = s.id))) AS on_hold,
    a.stored_bytes AS archive_bytes,
        CASE
            WHEN (s.archived_at IS NOT NULL) THEN (s.archived_at + make_interval(secs => (COALESCE(own.archived_session_ttl_days, standard.archived_session_ttl_days) * (86400)::double precision)))
            ELSE NULL::timestamp with time zone
        END AS purge_at
   FROM (((sessions s
     LEFT JOIN session_archives a ON ((a.session_id = s.id)))
     LEFT JOIN retention_policies own ON (((own.name)::text = (s.retention_policy)::text)))
     LEFT JOIN retention_policies standard ON (((standard.name)::text = 'standard'::text)));
