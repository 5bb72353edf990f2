-- Agents a session was handed to before the one it is with now, so that they still find it. A trigger notes them, because
-- an earlier server that writes to the same database hands over too. The time of the session is repeated here for the
-- index, by which an agent's sessions are listed newest first.
CREATE TABLE session_past_agents (
  session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  agent varchar(100) NOT NULL,
  session_created_at timestamptz NOT NULL,
  noted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (session_id, agent)
);
CREATE INDEX session_past_agents_agent_idx ON session_past_agents (agent, session_created_at, session_id);

CREATE FUNCTION handoff_note_past_agent() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  INSERT INTO session_past_agents (session_id, agent, session_created_at)
  VALUES (OLD.id, OLD.agent_to, OLD.created_at)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$function$;

-- Adding entries does not name this column and so never comes here.
CREATE TRIGGER handoff_sessions_past_agent AFTER UPDATE OF agent_to ON sessions
  FOR EACH ROW WHEN (OLD.agent_to IS NOT NULL AND OLD.agent_to IS DISTINCT FROM NEW.agent_to)
  EXECUTE FUNCTION handoff_note_past_agent();
