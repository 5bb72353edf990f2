import type pg from 'pg';
import type { StdioServer } from './stdioServer.js';

/** How many entries a session has that is handed over. */
export const ENTRIES = 250;

/** Entries of about 200 bytes in the mix of types an agent makes. */
const ADD_SESSIONS = `
WITH added AS (
  INSERT INTO sessions (session_key, agent_from, last_sequence_number)
  SELECT 'handoff-' || n, 'bench', $2 FROM generate_series(0, $1::int - 1) n RETURNING id
)
INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata, content_size_bytes)
SELECT id, n, (ARRAY['message', 'message', 'file', 'tool_call'])[1 + n % 4], repeat('Entry of a session: ', 10), jsonb_build_object('agent', 'bench', 'toolName', 'tool-' || n % 7, 'fileType', 'ts'), 200
FROM added, generate_series(1, $2::int) n`;

/** Every handoff adds an entry: this puts the sessions back to their length between rounds. */
const TRIM = [
  `DELETE FROM context_history WHERE sequence_number > ${ENTRIES}`,
  'DELETE FROM handoff_requests',
  `UPDATE sessions SET last_sequence_number = ${ENTRIES}`,
  'VACUUM ANALYZE sessions, context_history, handoff_requests',
];

export async function addSessions(client: pg.Client, count: number): Promise<void> {
  await client.query(ADD_SESSIONS, [count, ENTRIES]);
}

export async function trimSessions(client: pg.Client): Promise<void> {
  for (const statement of TRIM) await client.query(statement);
}

/** Gives all sessions other keys, so that no server has handed them over before. */
export async function renameSessions(client: pg.Client, prefix: string): Promise<void> {
  await client.query("UPDATE sessions SET session_key = $1 || substring(session_key from '[0-9]+$')", [prefix]);
}

/** Calls `request_handoff`; each caller has sessions of its own, so that no two handoffs of one session race, and takes them in turn. */
export function handOff(server: StdioServer, sessionsPerCaller: number, prefix = 'handoff-'): (caller: number) => Promise<unknown> {
  const made = new Map<number, number>();
  return (caller) => {
    const count = made.get(caller) ?? 0;
    made.set(caller, count + 1);
    return server.callTool('request_handoff', {
      sessionKey: `${prefix}${caller * sessionsPerCaller + (count % sessionsPerCaller)}`,
      targetAgent: 'other',
      requestType: 'collaboration',
      requestData: { reason: 'bench' },
    });
  };
}
