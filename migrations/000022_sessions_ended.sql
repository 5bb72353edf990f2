-- handoff:no-transaction
-- Sessions that have ended and wait for the archive, by due time. No ordinary call changes what it is made of.
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_ended_idx ON sessions (expires_at) WHERE status <> 'active' AND archived_at IS NULL;
