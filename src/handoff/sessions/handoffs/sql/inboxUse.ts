/**
 * Part of a statement that notes that an agent uses its inbox: handoffs to such an agent time out. Most calls find the note
 * of a moment ago and write nothing.
 *
 * @param agent parameter with the agent's name
 */
export function notingInboxUse(agent: string): string {
  return `inbox_use AS (
  INSERT INTO inbox_agents (agent)
  SELECT ${agent}::text WHERE NOT EXISTS (SELECT FROM inbox_agents known WHERE known.agent = ${agent}::text AND known.last_used_at > now() - interval '1 minute')
  ON CONFLICT (agent) DO UPDATE SET last_used_at = now()
)`;
}
