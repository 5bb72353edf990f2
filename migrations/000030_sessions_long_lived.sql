-- handoff:no-transaction
-- Live sessions that may be idle for a week without expiring, oldest first: where a sweep looks for abandoned ones. Sessions with
-- the usual times to live are not in it, and no ordinary call changes what it is made of.
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_long_lived_idx ON sessions (created_at, id)
  WHERE status = 'active' AND archived_at IS NULL AND (ttl_hours IS NULL OR ttl_hours > 168);
