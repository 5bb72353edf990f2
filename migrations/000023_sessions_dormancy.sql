-- handoff:no-transaction
-- Live sessions that are not dormant, by the time at which they are next looked at.
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_dormancy_idx ON sessions (dormancy_check_at)
  WHERE status = 'active' AND archived_at IS NULL AND is_dormant IS NOT TRUE;
