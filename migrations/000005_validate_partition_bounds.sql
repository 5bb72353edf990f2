-- Reads every row but blocks neither readers nor writers; in its own transaction, because the one that adds a constraint
-- holds the table exclusively until it ends.

ALTER TABLE session_lifecycle VALIDATE CONSTRAINT handoff_oldest_partition;
ALTER TABLE system_metrics VALIDATE CONSTRAINT handoff_oldest_partition;
