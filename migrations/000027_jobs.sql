-- Configuration and statistics of the scheduled jobs, shared by all replicas. The queue itself is pg-boss's own schema.
CREATE TABLE job_settings (
  name varchar(100) PRIMARY KEY,
  -- NULL: the job's default.
  interval_ms bigint CHECK (interval_ms > 0),
  enabled boolean,
  max_retries integer CHECK (max_retries >= 0),
  retry_delay_ms bigint CHECK (retry_delay_ms >= 0),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE job_statistics (
  name varchar(100) PRIMARY KEY,
  total_runs bigint NOT NULL DEFAULT 0,
  successful_runs bigint NOT NULL DEFAULT 0,
  failed_runs bigint NOT NULL DEFAULT 0,
  total_duration_ms double precision NOT NULL DEFAULT 0,
  last_run_at timestamptz,
  last_success_at timestamptz,
  last_failure_at timestamptz
);

-- Where a sweep that does not end in one go continues, whichever replica runs it.
CREATE TABLE sweep_positions (
  name varchar(100) PRIMARY KEY,
  position text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
