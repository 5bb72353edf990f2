import type { Evidence, StoredHandoff } from './evidence.js';
import { judgeHandoffs } from './judgeHandoffs.js';
import type { Ledger, SessionAccount } from './ledger.js';
import { readEntries } from './readEntries.js';

/** What was compared, and each thing that is not as it must be. */
export interface Verdict {
  readonly compared: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

type Events = Readonly<Record<string, number>>;

interface SessionFacts {
  readonly id: string;
  readonly session_key: string;
  readonly status: string;
  readonly is_dormant: boolean;
  readonly is_archived: boolean;
  /** Handoffs in its object; NULL without one. */
  readonly archived_handoffs: number | null;
  readonly hot_entries: number;
  readonly last_sequence_number: number;
  readonly events: Events;
}

/** The events of the session `id`: how many of each kind. A change of status is counted by where it led. */
const events = (id: string): string => `COALESCE((SELECT jsonb_object_agg(kind, times) FROM (
    SELECT CASE WHEN l.event_type = 'status_changed' THEN 'to_' || (l.event_data->>'to') ELSE l.event_type END AS kind, count(*)::int AS times
    FROM session_lifecycle l WHERE l.session_id = ${id} GROUP BY 1) AS counted), '{}'::jsonb) AS events`;

/** What the database says of every session, in one snapshot. */
const FACTS = `
SELECT s.id, s.session_key, s.status, COALESCE(s.is_dormant, false) AS is_dormant, s.archived_at IS NOT NULL AS is_archived,
  (SELECT a.handoff_count FROM session_archives a WHERE a.session_id = s.id) AS archived_handoffs,
  (SELECT count(*)::int FROM context_history h WHERE h.session_id = s.id) AS hot_entries, s.last_sequence_number, ${events('s.id')}
FROM sessions s`;

/** Sessions that are gone, what happened to them, and how many records say that they were deleted. */
const DELETIONS = `
SELECT gone.session_id AS id, (SELECT count(*)::int FROM deletion_records d WHERE d.session_id = gone.session_id) AS records,
  ${events('gone.session_id')}
FROM (SELECT DISTINCT l.session_id FROM session_lifecycle l
  WHERE l.event_type = 'created' AND NOT EXISTS (SELECT FROM sessions s WHERE s.id = l.session_id)) AS gone`;

/** Compares what the clients were told with what is stored, once nothing changes any more. */
export async function judge(evidence: Evidence, ledger: Ledger): Promise<Verdict> {
  const { database, client } = evidence;
  const faults: string[] = [...ledger.contradictions];
  const stored = new Map((await database.query<SessionFacts>(FACTS)).rows.map((facts) => [facts.session_key, facts]));
  const gone = (await database.query<{ id: string; records: number; events: Events }>(DELETIONS)).rows;
  for (const { id, records, events: past } of gone) {
    if (records !== 1) faults.push(`session ${id} was deleted, and ${records} records say so`);
    faults.push(...impossiblePast(id, past));
  }
  const { rows: doubled } = await database.query<{ session_id: string }>(
    'SELECT session_id FROM deletion_records d WHERE EXISTS (SELECT FROM sessions s WHERE s.id = d.session_id)',
  );
  for (const { session_id } of doubled) faults.push(`session ${session_id} is recorded as deleted and is there`);

  const handoffs = await judgeHandoffs(evidence, ledger.sessions, stored);
  faults.push(...handoffs.faults);
  const compared = { sessions: stored.size, purged: gone.length, archived: 0, entries: 0, transitions: 0, ...handoffs.compared };
  for (const facts of stored.values()) {
    faults.push(...impossible(facts));
    if (!ledger.sessions.has(facts.session_key)) faults.push(`${facts.session_key}: no client registered it`);
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
    if (typeof entries === 'string') faults.push(entries);
    else {
      compared.entries += entries.size;
      faults.push(...entryFaults(account, entries, facts, handoffs.bySession.get(facts.id) ?? []));
    }
  }
  // Those that were never registered for certain may have been, and may be gone.
  const uncertain = [...ledger.sessions.values()].filter(({ registered, key }) => !registered && !stored.has(key)).length;
  if (missing > gone.length || gone.length > missing + uncertain)
    faults.push(`${missing} registered sessions are not there, and ${gone.length} were deleted by retention`);
  return { compared, faults };
}

/** Each transition must have exactly one event, so the events must add up to the state. */
function impossible(facts: SessionFacts): string[] {
  const { session_key: key, status } = facts;
  const times = (kind: string): number => facts.events[kind] ?? 0;
  const faults: string[] = [];
  const expect = (what: string, isTrue: boolean): void => {
    if (!isTrue) faults.push(`${key}: ${what} (status ${status}, events ${JSON.stringify(facts.events)})`);
  };
  const hasObject = facts.archived_handoffs !== null;
  expect('it was created once', times('created') === 1);
  expect('its expiry is one event', times('expired') === (status === 'expired' ? 1 : 0));
  expect('its archival is one event', times('archived') - times('restored') === (facts.is_archived ? 1 : 0));
  expect('its deletion is no event', times('purged') === 0);
  expect('completions and acceptances add up', times('to_completed') - times('to_active') === (status === 'completed' ? 1 : 0));
  const asleep = times('dormant') - times('reactivated');
  if (status === 'active' && !facts.is_archived) expect('sleep and waking add up', asleep === (facts.is_dormant ? 1 : 0));
  else expect('sleep and waking add up', asleep === 0 || asleep === 1);
  expect('an archived session has an object and no hot entries', !facts.is_archived || (hasObject && facts.hot_entries === 0));
  expect('a session that is not archived has no object', facts.is_archived || !hasObject);
  expect('it is in a state that the model knows', ['active', 'completed', 'expired'].includes(status));
  expect('no live session is archived', !(facts.is_archived && status === 'active'));
  return faults;
}

/** Of a session that is gone only its events are left. They must be those of a whole life. */
function impossiblePast(id: string, past: Events): string[] {
  const times = (kind: string): number => past[kind] ?? 0;
  const isCompleted = times('to_completed') - times('to_active');
  const isWhole =
    times('created') === 1 &&
    times('purged') === 1 &&
    times('archived') - times('restored') === 1 &&
    [0, 1].includes(isCompleted) &&
    times('expired') === 1 - isCompleted &&
    [0, 1].includes(times('dormant') - times('reactivated'));
  return isWhole ? [] : [`session ${id} was deleted, and its events are not those of one life: ${JSON.stringify(past)}`];
}

function entryFaults(
  account: SessionAccount,
  entries: ReadonlyMap<number, string>,
  facts: SessionFacts,
  handoffs: readonly StoredHandoff[],
): string[] {
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
  const own = [...entries].filter(([, text]) => text.startsWith(`${key} says`));
  for (const [number, text] of own) if (!sent.has(text)) faults.push(`${key}: entry ${number} was never sent`);
  // The server writes one at registration and one at each handoff.
  const written = numbers.length - own.length;
  if (written !== 1 + handoffs.length) faults.push(`${key}: the server wrote ${written} entries, for ${handoffs.length} handoffs`);
  if (facts.archived_handoffs !== null && facts.archived_handoffs !== handoffs.length)
    faults.push(`${key}: ${facts.archived_handoffs} handoffs were archived, and ${handoffs.length} can be read`);
  return faults;
}
