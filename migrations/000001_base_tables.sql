-- The four base tables of a handoff server, where they do not exist yet.
-- An earlier server's tables are left exactly as they are, indexes included: adding an index here would block its writers.

DO $$
BEGIN
  IF to_regclass('sessions') IS NULL THEN
    CREATE TABLE sessions (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      session_key varchar(255) NOT NULL UNIQUE,
      agent_from varchar(100) NOT NULL,
      agent_to varchar(100),
      status varchar(50) NOT NULL DEFAULT 'active',
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz,
      metadata jsonb NOT NULL DEFAULT '{}'::jsonb
    );
    -- Newest first, page by page. created_at never changes, so this index does not stop HOT updates.
    CREATE INDEX sessions_created_at_idx ON sessions (created_at, id);
  END IF;

  IF to_regclass('context_history') IS NULL THEN
    CREATE TABLE context_history (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
      sequence_number integer NOT NULL,
      context_type varchar(50) NOT NULL,
      content text NOT NULL,
      metadata jsonb NOT NULL DEFAULT '{}'::jsonb,
      created_at timestamptz NOT NULL DEFAULT now(),
      -- Also finds all entries of a session in order; a second index on session_id alone would only cost.
      UNIQUE (session_id, sequence_number)
    );
    -- Rows arrive in time order and never move: BRIN finds a time range at almost no cost per insert.
    CREATE INDEX context_history_created_at_idx ON context_history USING brin (created_at);
  END IF;

  IF to_regclass('codebase_snapshots') IS NULL THEN
    CREATE TABLE codebase_snapshots (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
      file_path varchar(500) NOT NULL,
      content_hash varchar(64) NOT NULL,
      content text,
      analysis_result jsonb NOT NULL DEFAULT '{}'::jsonb,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX codebase_snapshots_session_id_idx ON codebase_snapshots (session_id);
    CREATE INDEX codebase_snapshots_file_path_idx ON codebase_snapshots (file_path);
  END IF;

  IF to_regclass('handoff_requests') IS NULL THEN
    CREATE TABLE handoff_requests (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
      requesting_agent varchar(100) NOT NULL,
      target_agent varchar(100),
      request_type varchar(50) NOT NULL DEFAULT 'context_transfer',
      request_data jsonb NOT NULL DEFAULT '{}'::jsonb,
      status varchar(50) NOT NULL DEFAULT 'pending',
      created_at timestamptz NOT NULL DEFAULT now(),
      completed_at timestamptz
    );
    CREATE INDEX handoff_requests_session_id_idx ON handoff_requests (session_id);
    CREATE INDEX handoff_requests_status_idx ON handoff_requests (status);
  END IF;
END
$$;
