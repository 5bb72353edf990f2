-- handoff:no-transaction
-- Sessions handed to an agent, newest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_agent_to_idx ON sessions (agent_to, created_at) WHERE agent_to IS NOT NULL;
