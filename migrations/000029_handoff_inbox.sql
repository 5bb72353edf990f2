-- handoff:no-transaction
-- An agent's inbox, newest first, and what waits for an answer.
CREATE INDEX CONCURRENTLY IF NOT EXISTS handoff_requests_inbox_idx ON handoff_requests (target_agent, status, created_at);
