-- handoff:no-transaction
-- Becomes the primary key of the oldest partition in 000010; built beforehand so that writers are not held up.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS system_metrics_earlier_key ON system_metrics (id, recorded_at);
