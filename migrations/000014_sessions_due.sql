-- handoff:no-transaction
-- Live sessions by due time: what the expiry sweep takes in batches, and the way to all live sessions for a sweep of idle ones.
-- Only registration and the end of a session touch it, as long as ordinary activity leaves expires_at alone.
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_due_idx ON sessions (expires_at) WHERE status = 'active' AND archived_at IS NULL;
