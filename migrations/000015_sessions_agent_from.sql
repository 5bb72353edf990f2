-- handoff:no-transaction
-- Sessions an agent began, newest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_agent_from_idx ON sessions (agent_from, created_at);
