-- handoff:no-transaction
-- Archived sessions of each policy, oldest first: what a purge takes.
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_archived_idx ON sessions (retention_policy, archived_at) WHERE archived_at IS NOT NULL;
