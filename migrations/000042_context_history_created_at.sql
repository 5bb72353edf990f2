-- handoff:no-transaction
-- Entries by time, for rollups. The BRIN index cannot do it: once archived entries have left, new ones fill their pages, and every range
-- of pages then spans all times.
CREATE INDEX CONCURRENTLY IF NOT EXISTS context_history_time_idx ON context_history (created_at);
