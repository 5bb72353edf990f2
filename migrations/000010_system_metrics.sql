-- Samples of system metrics, partitioned by month like session_lifecycle.

SELECT handoff_set_aside('system_metrics');

CREATE TABLE system_metrics (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  metric_name varchar(100) NOT NULL,
  metric_value numeric NOT NULL,
  metric_type varchar(50) NOT NULL,
  labels jsonb DEFAULT '{}'::jsonb,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, recorded_at)
) PARTITION BY RANGE (recorded_at);
CREATE TABLE system_metrics_default PARTITION OF system_metrics DEFAULT;
-- The earlier table has these two, so attaching it builds nothing.
CREATE INDEX system_metrics_name_recorded_at_idx ON system_metrics (metric_name, recorded_at);
CREATE INDEX system_metrics_recorded_at_idx ON system_metrics (recorded_at);

SELECT handoff_attach_earlier('system_metrics', 'recorded_at');
SELECT handoff_restore_dependents('system_metrics');
