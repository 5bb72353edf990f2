-- Cold storage. An archived session keeps its row in sessions: its key stays taken, and lists, agents and retention find it.
-- Everything that grows with it (entries, snapshots, handoffs) is in one object, described here.
CREATE TABLE session_archives (
  session_id uuid PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
  object_key varchar(255) NOT NULL,
  -- 'files' or 's3', and the folder or bucket that it was written to.
  store varchar(20) NOT NULL,
  location text NOT NULL,
  sha256 text NOT NULL,
  stored_bytes bigint NOT NULL,
  content_bytes bigint NOT NULL,
  entry_count integer NOT NULL,
  snapshot_count integer NOT NULL,
  handoff_count integer NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now()
);

-- Objects that may exist without a row above: noted before they are written, and when they are to be deleted. A sweep
-- removes those whose time has passed and that nothing refers to.
CREATE TABLE archive_leftovers (
  object_key varchar(255) PRIMARY KEY,
  session_id uuid NOT NULL,
  store varchar(20) NOT NULL,
  location text NOT NULL,
  noted_at timestamptz NOT NULL DEFAULT now(),
  -- When it was noted, or given up for good. Whoever is still writing it makes it appear later, so one that is not found stays noted
  -- for a day from here.
  given_up_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX archive_leftovers_noted_at_idx ON archive_leftovers (noted_at);
