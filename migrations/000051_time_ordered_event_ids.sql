-- As for the entries of histories. In a transaction of its own: calls write both tables, and none may wait for one of them while this
-- migration, which holds it, waits for the other.
ALTER TABLE session_lifecycle ALTER COLUMN id SET DEFAULT handoff_time_ordered_id();
