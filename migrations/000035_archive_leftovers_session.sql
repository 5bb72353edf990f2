-- handoff:no-transaction
-- Whether someone is archiving a session at the moment, or has just failed to.
CREATE INDEX CONCURRENTLY IF NOT EXISTS archive_leftovers_session_idx ON archive_leftovers (session_id, noted_at);
