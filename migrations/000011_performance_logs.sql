-- Durations with fractions: the earlier integer column read 0 for anything under a millisecond and refused 12.5.
-- The type differs, so an earlier table cannot be a partition; 000013 copies its rows. No foreign key, as in 000009.

SELECT handoff_set_aside('performance_logs');

CREATE TABLE performance_logs (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  operation varchar(100) NOT NULL,
  duration_ms double precision NOT NULL,
  success boolean NOT NULL,
  session_id uuid,
  metadata jsonb DEFAULT '{}'::jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
CREATE TABLE performance_logs_default PARTITION OF performance_logs DEFAULT;
CREATE INDEX performance_logs_operation_created_at_idx ON performance_logs (operation, created_at);
CREATE INDEX performance_logs_created_at_idx ON performance_logs USING brin (created_at);

SELECT handoff_restore_dependents('performance_logs');
