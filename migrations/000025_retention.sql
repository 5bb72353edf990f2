-- Retention: policies, who changed them, the rules that assign them, legal holds, and the record of what was deleted.
-- None refers to sessions by a foreign key: holds and records outlive the rows that they are about.

CREATE TABLE retention_policies (
  name varchar(50) PRIMARY KEY,
  -- Idle time after which a session expires.
  active_session_ttl_hours double precision NOT NULL CHECK (active_session_ttl_hours > 0),
  -- Time in the archive after which a session is deleted.
  archived_session_ttl_days double precision NOT NULL CHECK (archived_session_ttl_days >= 0),
  log_retention_days double precision NOT NULL CHECK (log_retention_days > 0),
  metrics_retention_days double precision NOT NULL CHECK (metrics_retention_days > 0),
  -- Idle time after which a session is dormant.
  dormant_threshold_hours double precision NOT NULL CHECK (dormant_threshold_hours > 0),
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by varchar(100) NOT NULL DEFAULT 'handoff-otel'
);

-- The policies of the earlier server. A user's change is never undone: later migrations leave these rows alone.
INSERT INTO retention_policies (name, active_session_ttl_hours, archived_session_ttl_days, log_retention_days, metrics_retention_days, dormant_threshold_hours)
VALUES ('standard', 24, 30, 7, 30, 2), ('extended', 72, 90, 30, 90, 6), ('short', 4, 7, 3, 7, 1);

CREATE TABLE retention_changes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  changed_at timestamptz NOT NULL DEFAULT now(),
  changed_by varchar(100) NOT NULL,
  -- 'policy', 'rule', 'assignment', 'hold', 'erasure'
  subject varchar(20) NOT NULL,
  -- Name of the policy, number of the rule, or id of the session.
  subject_id varchar(255) NOT NULL,
  -- NULL before it existed and after it was removed.
  before jsonb,
  after jsonb
);
CREATE INDEX retention_changes_subject_idx ON retention_changes (subject, subject_id, id);

-- The first rule that fits, by position, decides the policy of a session that is registered or handed over.
CREATE TABLE retention_rules (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  position integer NOT NULL,
  policy varchar(50) NOT NULL REFERENCES retention_policies (name),
  -- What is NULL is not asked for.
  agent varchar(100),
  metadata jsonb,
  request_type varchar(50),
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (agent IS NOT NULL OR metadata IS NOT NULL OR request_type IS NOT NULL)
);

-- While a session has a row here, nothing deletes it: no purge and no erasure.
CREATE TABLE session_holds (
  session_id uuid PRIMARY KEY,
  reason text NOT NULL,
  placed_by varchar(100) NOT NULL,
  placed_at timestamptz NOT NULL DEFAULT now()
);

-- What was deleted, when and why; never what it contained.
CREATE TABLE deletion_records (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  deleted_at timestamptz NOT NULL DEFAULT now(),
  session_id uuid NOT NULL,
  -- 'retention' or 'erasure'
  cause varchar(20) NOT NULL,
  -- The policy whose time had passed; for an erasure the policy that the session had.
  retention_policy varchar(50),
  deleted_by varchar(100) NOT NULL,
  -- Rows and objects by kind.
  deleted jsonb NOT NULL DEFAULT '{}'::jsonb
);
CREATE INDEX deletion_records_session_idx ON deletion_records (session_id);
