-- The past agents of handoffs made before there was a table of them. Sessions are locked against deletion only.
INSERT INTO session_past_agents (session_id, agent, session_created_at, noted_at)
SELECT s.id, r.target_agent, s.created_at, r.created_at
FROM handoff_requests r JOIN sessions s ON s.id = r.session_id
WHERE r.target_agent IS NOT NULL AND r.target_agent IS DISTINCT FROM s.agent_to
ORDER BY r.created_at
FOR KEY SHARE OF s
ON CONFLICT DO NOTHING;
