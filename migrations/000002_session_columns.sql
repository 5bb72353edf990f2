-- Columns that sessions and context_history gain, and the end of the earlier server's triggers on sessions.
-- Constant and now() defaults are stored once in the catalogue: no row is rewritten, the locks last milliseconds.

ALTER TABLE sessions
  ADD COLUMN IF NOT EXISTS last_activity_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN IF NOT EXISTS is_dormant boolean NOT NULL DEFAULT false,
  ADD COLUMN IF NOT EXISTS archived_at timestamptz,
  ADD COLUMN IF NOT EXISTS retention_policy varchar(50) NOT NULL DEFAULT 'standard',
  -- Number of the latest context entry. Writers take GREATEST(this, the highest number stored) + 1 under the row lock,
  -- which also counts rows an earlier server adds without it; hence no backfill.
  ADD COLUMN IF NOT EXISTS last_sequence_number integer NOT NULL DEFAULT 0;

-- Every call updates last_activity_at. With room on the page, and no index on a column that such a call changes, the
-- update is heap-only: no index is touched. An index on last_activity_at or updated_at would end that; a sweep for idle
-- sessions reads the few live ones through sessions_due_idx (000014) instead.
ALTER TABLE sessions SET (fillfactor = 70);

-- Where an earlier server already made processing_time_ms, it is an integer and stays one: widening it would rewrite the
-- whole history under an exclusive lock.
ALTER TABLE context_history
  ADD COLUMN IF NOT EXISTS processing_time_ms double precision,
  ADD COLUMN IF NOT EXISTS content_size_bytes integer;

DO $$
DECLARE
  found record;
BEGIN
  -- The earlier triggers restart the idle clock on every update and write each lifecycle event a second time.
  FOR found IN
    SELECT t.tgname
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgrelid = 'sessions'::regclass AND NOT t.tgisinternal
      AND p.prosrc ~* '(last_activity_at|session_lifecycle)'
  LOOP
    EXECUTE format('DROP TRIGGER %I ON sessions', found.tgname);
  END LOOP;

  -- updated_at is set by a trigger. The one that did it may just have gone, if it did both.
  IF NOT EXISTS (
    SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgrelid = 'sessions'::regclass AND NOT t.tgisinternal AND p.prosrc ~* 'updated_at'
  ) THEN
    CREATE OR REPLACE FUNCTION handoff_set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$function$;
    CREATE TRIGGER handoff_sessions_updated_at BEFORE UPDATE ON sessions
      FOR EACH ROW EXECUTE FUNCTION handoff_set_updated_at();
  END IF;
END
$$;
