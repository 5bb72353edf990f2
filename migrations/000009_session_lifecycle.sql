-- Every transition of a session. Partitioned by month: retention drops whole partitions instead of deleting rows.
-- No foreign key: the record of what happened to a session outlives the session, and a key would block detaching.

SELECT handoff_set_aside('session_lifecycle');

CREATE TABLE session_lifecycle (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  session_id uuid NOT NULL,
  event_type varchar(50) NOT NULL,
  event_data jsonb DEFAULT '{}'::jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
-- Takes rows no other partition wants, so that a missing month never fails a write; handoff_create_partitions moves them out.
CREATE TABLE session_lifecycle_default PARTITION OF session_lifecycle DEFAULT;
-- The earlier table has these two, so attaching it builds nothing.
CREATE INDEX session_lifecycle_session_id_idx ON session_lifecycle (session_id);
CREATE INDEX session_lifecycle_created_at_idx ON session_lifecycle (created_at);

SELECT handoff_attach_earlier('session_lifecycle', 'created_at');
SELECT handoff_restore_dependents('session_lifecycle');
