/**
 * Part of a statement that notes that an agent uses its inbox: handoffs to such an agent time out. Most calls find the note
 * of a moment ago and write nothing. Agents are names that callers make up: without a handoff to it, a name leaves nothing behind.
 *
 * @param agent parameter with the agent's name
 * @param isTarget SQL for whether there is a handoff to the agent
 */
export function notingInboxUse(agent: string, isTarget: string): string {
  return `inbox_use AS (
  INSERT INTO inbox_agents (agent)
  SELECT ${agent}::text WHERE NOT EXISTS (SELECT FROM inbox_agents known WHERE known.agent = ${agent}::text AND known.last_used_at > now() - interval '1 minute')
    AND ${isTarget}
  ON CONFLICT (agent) DO UPDATE SET last_used_at = now()
)`;
}
