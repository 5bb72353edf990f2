-- A database as an earlier handoff server leaves it: base tables, monitoring additions, its triggers and views, some rows.
-- Our own writing, from the description of that schema; used to show that migrating keeps all of it working.

CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at = now();
  RETURN NEW;
END
$$;

CREATE TABLE sessions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  session_key varchar(255) UNIQUE NOT NULL,
  agent_from varchar(100) NOT NULL,
  agent_to varchar(100),
  status varchar(50) NOT NULL DEFAULT 'active',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  metadata jsonb DEFAULT '{}'::jsonb
);
CREATE INDEX idx_sessions_session_key ON sessions (session_key);
CREATE INDEX idx_sessions_status ON sessions (status);
CREATE INDEX idx_sessions_created_at ON sessions (created_at);
CREATE TRIGGER sessions_updated_at BEFORE UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TABLE context_history (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  sequence_number integer NOT NULL,
  context_type varchar(50) NOT NULL,
  content text NOT NULL,
  metadata jsonb DEFAULT '{}'::jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (session_id, sequence_number)
);
CREATE INDEX idx_context_session_id ON context_history (session_id);
CREATE INDEX idx_context_created_at ON context_history (created_at);

CREATE TABLE codebase_snapshots (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  file_path varchar(500) NOT NULL,
  content_hash varchar(64) NOT NULL,
  content text,
  analysis_result jsonb DEFAULT '{}'::jsonb,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE handoff_requests (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  requesting_agent varchar(100) NOT NULL,
  target_agent varchar(100),
  request_type varchar(50) NOT NULL DEFAULT 'context_transfer',
  request_data jsonb DEFAULT '{}'::jsonb,
  status varchar(50) NOT NULL DEFAULT 'pending',
  created_at timestamptz NOT NULL DEFAULT now(),
  completed_at timestamptz
);

INSERT INTO sessions (session_key, agent_from, created_at)
  SELECT 'earlier-' || n, 'agent-' || (n % 3), now() - make_interval(days => n) FROM generate_series(1, 20) AS n;
INSERT INTO context_history (session_id, sequence_number, context_type, content)
  SELECT s.id, n, 'message', 'entry ' || n FROM sessions s, generate_series(1, 3) AS n;

-- BASE ENDS HERE: what follows came with its monitoring release.

ALTER TABLE sessions ADD COLUMN last_activity_at timestamptz DEFAULT now();
ALTER TABLE sessions ADD COLUMN is_dormant boolean DEFAULT false;
ALTER TABLE sessions ADD COLUMN archived_at timestamptz;
ALTER TABLE sessions ADD COLUMN retention_policy varchar(50) DEFAULT 'standard';
CREATE INDEX idx_sessions_last_activity ON sessions (last_activity_at);
CREATE INDEX idx_sessions_status_activity ON sessions (status, last_activity_at);
ALTER TABLE context_history ADD COLUMN processing_time_ms integer;
ALTER TABLE context_history ADD COLUMN content_size_bytes integer;

CREATE TABLE session_lifecycle (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  event_type varchar(50) NOT NULL,
  event_data jsonb DEFAULT '{}'::jsonb,
  created_at timestamptz DEFAULT now()
);
CREATE INDEX idx_session_lifecycle_session_id ON session_lifecycle (session_id);
CREATE INDEX idx_session_lifecycle_event_type ON session_lifecycle (event_type);
CREATE INDEX idx_session_lifecycle_created_at ON session_lifecycle (created_at);

CREATE TABLE system_metrics (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  metric_name varchar(100) NOT NULL,
  metric_value numeric NOT NULL,
  metric_type varchar(50) NOT NULL,
  labels jsonb DEFAULT '{}'::jsonb,
  recorded_at timestamptz DEFAULT now()
);
CREATE INDEX idx_system_metrics_name ON system_metrics (metric_name);
CREATE INDEX idx_system_metrics_recorded_at ON system_metrics (recorded_at);
CREATE INDEX idx_system_metrics_name_time ON system_metrics (metric_name, recorded_at);
CREATE INDEX idx_system_metrics_labels ON system_metrics USING gin (labels);

CREATE TABLE performance_logs (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  operation varchar(100) NOT NULL,
  duration_ms integer NOT NULL,
  success boolean NOT NULL,
  session_id uuid REFERENCES sessions (id),
  metadata jsonb DEFAULT '{}'::jsonb,
  created_at timestamptz DEFAULT now()
);
CREATE INDEX idx_performance_logs_operation ON performance_logs (operation);
CREATE INDEX idx_performance_logs_session_id ON performance_logs (session_id);
CREATE INDEX idx_performance_logs_created_at ON performance_logs (created_at);

CREATE TABLE analytics_aggregations (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  aggregation_type varchar(50) NOT NULL,
  time_bucket timestamptz NOT NULL,
  aggregation_data jsonb NOT NULL,
  created_at timestamptz DEFAULT now()
);
CREATE INDEX idx_analytics_type_bucket ON analytics_aggregations (aggregation_type, time_bucket);

CREATE FUNCTION touch_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.last_activity_at = now();
  RETURN NEW;
END
$$;
CREATE TRIGGER sessions_touch BEFORE UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION touch_session();

CREATE FUNCTION log_session_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.is_dormant IS DISTINCT FROM OLD.is_dormant THEN
    INSERT INTO session_lifecycle (session_id, event_type) VALUES (NEW.id, CASE WHEN NEW.is_dormant THEN 'dormant' ELSE 'reactivated' END);
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER sessions_log_change AFTER UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION log_session_change();

CREATE VIEW session_monitoring_view AS
  SELECT s.id, s.session_key, s.agent_from, s.agent_to, s.status, s.created_at, s.updated_at, s.last_activity_at, s.is_dormant,
    s.archived_at, s.retention_policy, s.expires_at,
    EXTRACT(epoch FROM now() - s.last_activity_at) / 3600 AS hours_since_activity,
    (SELECT count(*) FROM context_history h WHERE h.session_id = s.id) AS context_entries,
    (SELECT count(*) FROM handoff_requests r WHERE r.session_id = s.id) AS handoff_requests,
    (SELECT l.event_type FROM session_lifecycle l WHERE l.session_id = s.id ORDER BY l.created_at DESC LIMIT 1) AS last_lifecycle_event
  FROM sessions s;
CREATE VIEW performance_monitoring_view AS
  SELECT operation, count(*) AS calls, round(avg(p.duration_ms), 2) AS avg_duration_ms, max(duration_ms) AS max_duration_ms
  FROM performance_logs p
  GROUP BY operation;

INSERT INTO session_lifecycle (session_id, event_type, created_at)
  SELECT id, 'created', created_at FROM sessions;
INSERT INTO system_metrics (metric_name, metric_value, metric_type, recorded_at)
  SELECT 'memory', n, 'gauge', now() - make_interval(days => n) FROM generate_series(1, 100) AS n;
INSERT INTO performance_logs (operation, duration_ms, success, session_id, created_at)
  SELECT 'handoff', 10, true, id, created_at FROM sessions;
INSERT INTO analytics_aggregations (aggregation_type, time_bucket, aggregation_data, created_at) VALUES
  ('hourly', '2026-01-01 10:00Z', '{"calls": 1}', '2026-01-01 10:01Z'),
  ('hourly', '2026-01-01 10:00Z', '{"calls": 9}', '2026-01-01 11:00Z'),
  ('hourly', '2026-01-01 11:00Z', '{"calls": 4}', '2026-01-01 12:00Z');
