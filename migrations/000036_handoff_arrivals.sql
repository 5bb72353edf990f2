-- handoff:no-transaction
-- Handoffs that wait for an answer, by their time: whoever waits for new ones asks for those of the last seconds again and again.
CREATE INDEX CONCURRENTLY IF NOT EXISTS handoff_requests_arrivals_idx ON handoff_requests (created_at) WHERE status = 'pending';
