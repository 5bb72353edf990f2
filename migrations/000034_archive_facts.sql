-- What a summary needs of an archived session, so that reading one does not fetch its object. Made when the session is archived.
ALTER TABLE session_archives ADD COLUMN IF NOT EXISTS facts jsonb NOT NULL DEFAULT '{}'::jsonb;

-- Whatever deletes the description of an object, or its session, the object is noted and a sweep deletes it: an earlier server, an
-- operator and our own statements alike.
CREATE OR REPLACE FUNCTION handoff_note_archive_leftover() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO archive_leftovers (object_key, session_id, store, location)
  VALUES (OLD.object_key, OLD.session_id, OLD.store, OLD.location)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER handoff_session_archives_leftover
  AFTER DELETE ON session_archives
  FOR EACH ROW EXECUTE FUNCTION handoff_note_archive_leftover();
