-- handoff:no-transaction
-- Handoffs by the time at which they were requested, for rollups.
CREATE INDEX CONCURRENTLY IF NOT EXISTS handoff_requests_time_idx ON handoff_requests (created_at);
