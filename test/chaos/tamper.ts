import type { Client } from '@modelcontextprotocol/client';
import type pg from 'pg';
import { judge } from './judge.js';
import type { Ledger } from './ledger.js';

/** What a fault would leave behind, by how the judge must name it. */
const FORGERIES = [
  ['its expiry is one event', "INSERT INTO session_lifecycle (session_id, event_type) SELECT id, 'expired' FROM sessions LIMIT 1"],
  [
    'its archival is one event',
    "DELETE FROM session_lifecycle WHERE event_type = 'archived' AND session_id = (SELECT id FROM sessions OFFSET 1 LIMIT 1)",
  ],
  [
    'is recorded as deleted and is there',
    "INSERT INTO deletion_records (session_id, cause, deleted_by) SELECT id, 'retention', 'x' FROM sessions OFFSET 2 LIMIT 1",
  ],
] as const;

/** Does what must never happen, and resolves with what the judge did not notice: a judge that notices nothing proves nothing. */
export async function unseenTampering(database: pg.Pool, client: Client, ledger: Ledger): Promise<readonly string[]> {
  for (const [, statement] of FORGERIES) await database.query(statement);
  const { rows } = await database.query<{ session_key: string }>('SELECT session_key FROM sessions LIMIT 1');
  ledger.sessions.get(rows[0]?.session_key ?? '')?.entries.push({ content: 'never sent', sequenceNumber: 1 });
  const { faults } = await judge(database, client, ledger);
  return [...FORGERIES.map(([name]) => name), 'is lost or differs']
    .filter((name) => !faults.some((fault) => fault.includes(name)))
    .map((name) => `The judge did not notice what was forged: ${name}`);
}
