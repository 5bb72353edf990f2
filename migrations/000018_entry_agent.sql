-- The agent that wrote an entry, where the call said so. Nullable and without a default, so that no row is rewritten.
ALTER TABLE context_history ADD COLUMN IF NOT EXISTS agent varchar(100);
