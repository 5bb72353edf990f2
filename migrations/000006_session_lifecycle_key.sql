-- handoff:no-transaction
-- Becomes the primary key of the oldest partition in 000009; built beforehand so that writers are not held up.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS session_lifecycle_earlier_key ON session_lifecycle (id, created_at);
