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

CREATE OR REPLACE FUNCTION handoff_detach_expired_partition(target text, older_than timestamp with time zone)
 RETURNS text
 LANGUAGE plpgsql
 SET lock_timeout TO '200ms'
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

CREATE OR REPLACE FUNCTION handoff_drop_expired_partition(target text)
 RETURNS text
 LANGUAGE plpgsql
 SET lock_timeout TO '200ms'
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

CREATE OR REPLACE FUNCTION handoff_set_updated_at()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
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
  CONSTRAINT analytics_aggregations_pkey PRIMARY KEY (id)
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
  id uuid NOT NULL DEFAULT gen_random_uuid(),
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
  id uuid NOT NULL DEFAULT gen_random_uuid(),
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

CREATE UNIQUE INDEX analytics_aggregations_bucket_key ON analytics_aggregations USING btree (aggregation_type, time_bucket);

CREATE INDEX archive_leftovers_noted_at_idx ON archive_leftovers USING btree (noted_at);

CREATE INDEX archive_leftovers_session_idx ON archive_leftovers USING btree (session_id, noted_at);

CREATE INDEX codebase_snapshots_file_path_idx ON codebase_snapshots USING btree (file_path);

CREATE INDEX codebase_snapshots_session_id_idx ON codebase_snapshots USING btree (session_id);

CREATE INDEX context_history_created_at_idx ON context_history USING brin (created_at);

CREATE INDEX deletion_records_session_idx ON deletion_records USING btree (session_id);

CREATE INDEX handoff_requests_arrivals_idx ON handoff_requests USING btree (created_at) WHERE ((status)::text = 'pending'::text);

CREATE INDEX handoff_requests_inbox_idx ON handoff_requests USING btree (target_agent, status, created_at);

CREATE INDEX handoff_requests_session_id_idx ON handoff_requests USING btree (session_id);

CREATE INDEX handoff_requests_status_idx ON handoff_requests USING btree (status);

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

CREATE TRIGGER handoff_session_archives_leftover AFTER DELETE ON session_archives FOR EACH ROW EXECUTE FUNCTION handoff_note_archive_leftover();

CREATE TRIGGER handoff_sessions_hold BEFORE DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION handoff_keep_held_session();

CREATE TRIGGER handoff_sessions_past_agent AFTER UPDATE OF agent_to ON sessions FOR EACH ROW WHEN (((old.agent_to IS NOT NULL) AND ((old.agent_to)::text IS DISTINCT FROM (new.agent_to)::text))) EXECUTE FUNCTION handoff_note_past_agent();

CREATE TRIGGER handoff_sessions_updated_at BEFORE UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION handoff_set_updated_at();

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
