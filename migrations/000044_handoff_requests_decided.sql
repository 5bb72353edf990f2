-- handoff:no-transaction
-- Handoffs by the time at which they were answered or timed out, for rollups.
CREATE INDEX CONCURRENTLY IF NOT EXISTS handoff_requests_decided_idx ON handoff_requests ((COALESCE(answered_at, completed_at)))
  WHERE COALESCE(answered_at, completed_at) IS NOT NULL;
