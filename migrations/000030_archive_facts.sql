-- What a summary needs of an archived session, so that reading one does not fetch its object. Made when the session is archived.
ALTER TABLE session_archives ADD COLUMN IF NOT EXISTS facts jsonb NOT NULL DEFAULT '{}'::jsonb;
