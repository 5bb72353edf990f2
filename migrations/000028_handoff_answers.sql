-- What a target agent answers to a handoff. status is pending, accepted, rejected, completed or timed_out; completed_at is
-- when it became one of the last three.
ALTER TABLE handoff_requests
  ADD COLUMN IF NOT EXISTS answered_at timestamptz,
  ADD COLUMN IF NOT EXISTS answered_by varchar(100),
  -- The target's reason or result, as it gave it.
  ADD COLUMN IF NOT EXISTS answer jsonb,
  -- When the handoff could be read by its target: the session's package and context were there.
  ADD COLUMN IF NOT EXISTS delivered_at timestamptz;

-- Agents that answer handoffs. Those of the earlier contract never do, and theirs never time out.
CREATE TABLE inbox_agents (
  agent varchar(100) PRIMARY KEY,
  first_used_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz NOT NULL DEFAULT now()
);
