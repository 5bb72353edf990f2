import type pg from 'pg';
import type { Client } from '@modelcontextprotocol/client';
import type { Ledger, SessionAccount } from './ledger.js';

/** What was compared, and each thing that is not as it must be. */
export interface Verdict {
  readonly compared: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

interface SessionFacts {
  readonly id: string;
  readonly session_key: string;
  readonly status: string;
  readonly is_dormant: boolean;
  readonly is_archived: boolean;
  readonly has_object: boolean;
  readonly hot_entries: number;
  readonly last_sequence_number: number;
  readonly events: Readonly<Record<string, number>>;
}

/** What the database says of every session, in one snapshot. A change of status is counted by where it led. */
const FACTS = `
SELECT s.id, s.session_key, s.status, COALESCE(s.is_dormant, false) AS is_dormant, s.archived_at IS NOT NULL AS is_archived,
  EXISTS (SELECT FROM session_archives a WHERE a.session_id = s.id) AS has_object,
  (SELECT count(*)::int FROM context_history h WHERE h.session_id = s.id) AS hot_entries, s.last_sequence_number,
  COALESCE((SELECT jsonb_object_agg(kind, times) FROM (
    SELECT CASE WHEN l.event_type = 'status_changed' THEN 'to_' || (l.event_data->>'to') ELSE l.event_type END AS kind, count(*)::int AS times
    FROM session_lifecycle l WHERE l.session_id = s.id GROUP BY 1) AS counted), '{}'::jsonb) AS events
FROM sessions s`;

/** Sessions that are gone, and how many records say so. */
const DELETIONS = `
SELECT l.event_data->>'agent_from' AS agent, l.session_id AS id, count(d.id)::int AS records
FROM session_lifecycle l LEFT JOIN deletion_records d ON d.session_id = l.session_id
WHERE l.event_type = 'created' AND NOT EXISTS (SELECT FROM sessions s WHERE s.id = l.session_id)
GROUP BY l.session_id, l.event_data`;

/** Compares what the clients were told with what is stored, once nothing changes any more. */
export async function judge(database: pg.Pool, client: Client, ledger: Ledger): Promise<Verdict> {
  const faults: string[] = [];
  const stored = new Map((await database.query<SessionFacts>(FACTS)).rows.map((facts) => [facts.session_key, facts]));
  const gone = (await database.query<{ id: string; records: number }>(DELETIONS)).rows;
  for (const { id, records } of gone) if (records !== 1) faults.push(`session ${id} was deleted, and ${records} records say so`);
  const { rows: doubled } = await database.query<{ session_id: string }>(
    'SELECT session_id FROM deletion_records d WHERE EXISTS (SELECT FROM sessions s WHERE s.id = d.session_id)',
  );
  for (const { session_id } of doubled) faults.push(`session ${session_id} is recorded as deleted and is there`);

  const compared = { sessions: stored.size, purged: gone.length, archived: 0, entries: 0, transitions: 0 };
  for (const facts of stored.values()) {
    faults.push(...impossible(facts));
    compared.transitions += Object.values(facts.events).reduce((sum, times) => sum + times, 0);
    if (facts.is_archived) compared.archived += 1;
  }
  let missing = 0;
  for (const account of ledger.sessions.values()) {
    const facts = stored.get(account.key);
    if (facts === undefined) {
      missing += account.registered ? 1 : 0;
      continue;
    }
    const entries = await readEntries(client, account.key);
    compared.entries += entries.size;
    faults.push(...entryFaults(account, entries, facts));
  }
  // Those that were never registered for certain may have been, and may be gone.
  const uncertain = [...ledger.sessions.values()].filter(({ registered, key }) => !registered && !stored.has(key)).length;
  if (missing > gone.length || gone.length > missing + uncertain)
    faults.push(`${missing} registered sessions are not there, and ${gone.length} were deleted by retention`);
  return { compared, faults };
}

/** Each transition must have exactly one event, so the events must add up to the state. */
function impossible(facts: SessionFacts): string[] {
  const { events, session_key: key, status } = facts;
  const times = (kind: string): number => events[kind] ?? 0;
  const faults: string[] = [];
  const expect = (what: string, isTrue: boolean): void => {
    if (!isTrue) faults.push(`${key}: ${what} (status ${status}, events ${JSON.stringify(events)})`);
  };
  expect('it was created once', times('created') === 1);
  expect('its expiry is one event', times('expired') === (status === 'expired' ? 1 : 0));
  expect('its archival is one event', times('archived') - times('restored') === (facts.is_archived ? 1 : 0));
  expect('completions and acceptances add up', times('to_completed') - times('to_active') === (status === 'completed' ? 1 : 0));
  const asleep = times('dormant') - times('reactivated');
  if (status === 'active' && !facts.is_archived) expect('sleep and waking add up', asleep === (facts.is_dormant ? 1 : 0));
  else expect('sleep and waking add up', asleep === 0 || asleep === 1);
  expect('an archived session has an object and no hot entries', !facts.is_archived || (facts.has_object && facts.hot_entries === 0));
  expect('a session that is not archived has no object', facts.is_archived || !facts.has_object);
  expect('it is in a state that the model knows', ['active', 'completed', 'expired'].includes(status));
  expect('no live session is archived', !(facts.is_archived && status === 'active'));
  return faults;
}

function entryFaults(account: SessionAccount, entries: ReadonlyMap<number, string>, facts: SessionFacts): string[] {
  const faults: string[] = [];
  const { key } = account;
  const numbers = [...entries.keys()];
  if (numbers.some((number, index) => number !== index + 1)) faults.push(`${key}: its entries are not numbered 1 to ${numbers.length}`);
  if (numbers.length !== facts.last_sequence_number)
    faults.push(`${key}: ${numbers.length} entries can be read, and ${facts.last_sequence_number} were numbered`);
  const texts = new Map<string, number>();
  for (const text of entries.values()) texts.set(text, (texts.get(text) ?? 0) + 1);
  for (const { content, sequenceNumber } of account.entries) {
    if (sequenceNumber !== undefined && entries.get(sequenceNumber) !== content)
      faults.push(`${key}: entry ${sequenceNumber}, which was acknowledged, is lost or differs`);
    if ((texts.get(content) ?? 0) > 1) faults.push(`${key}: an entry that was sent once is stored twice`);
  }
  const sent = new Set(account.entries.map(({ content }) => content));
  for (const [number, text] of entries) {
    if (text.startsWith(`${key} says`) && !sent.has(text)) faults.push(`${key}: entry ${number} was never sent`);
  }
  return faults;
}

/** Every entry of a session by its number, as an agent reads them. */
async function readEntries(client: Client, sessionKey: string): Promise<Map<number, string>> {
  const entries = new Map<number, string>();
  for (let after: number | undefined; ; ) {
    const result = await client.callTool({ name: 'get_context', arguments: { sessionKey, ...(after === undefined ? {} : { after }) } });
    const [first] = result.content as readonly { readonly text?: string }[];
    if (result.isError === true) throw new Error(`${sessionKey} cannot be read: ${first?.text ?? ''}`);
    const page = JSON.parse(first?.text ?? '{}') as Page;
    for (const { sequenceNumber, content } of page.contextHistory) entries.set(sequenceNumber, content);
    if (page.nextAfter === undefined) return entries;
    after = page.nextAfter;
  }
}

interface Page {
  readonly contextHistory: readonly { readonly sequenceNumber: number; readonly content: string }[];
  readonly nextAfter?: number;
}
