import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Evidence, StoredHandoff } from './evidence.js';
import { judge } from './judge.js';
import type { Ledger } from './ledger.js';

interface Victim {
  readonly id: string;
  readonly session_key: string;
}

/** What a fault would leave behind in the database: how the judge must name it, and the statement, for a session `$1` of some kind. */
interface Forgery {
  readonly name: string;
  /** Condition on sessions `s`; without one any session will do, and `gone` is one that was deleted. */
  readonly of?: string;
  readonly statement: string;
}

const anEvent = (type: string, data = '{}'): string =>
  `INSERT INTO session_lifecycle (session_id, event_type, event_data) VALUES ($1::uuid, '${type}', '${data}')`;
const eventOf = (type: string): string =>
  `(SELECT l.id FROM session_lifecycle l WHERE l.session_id = $1::uuid AND l.event_type = '${type}' ORDER BY l.id LIMIT 1)`;
const withEvent = (type: string): string =>
  `EXISTS (SELECT FROM session_lifecycle l WHERE l.session_id = s.id AND l.event_type = '${type}')`;
const GONE = 'gone';

const FORGERIES: readonly Forgery[] = [
  { name: 'it was created once', statement: anEvent('created') },
  { name: 'its expiry is one event', statement: anEvent('expired') },
  { name: 'its archival is one event', statement: `DELETE FROM session_lifecycle WHERE id = ${eventOf('archived')}` },
  { name: 'its archival is one event', statement: anEvent('archived') },
  { name: 'its deletion is no event', statement: anEvent('purged') },
  { name: 'completions and acceptances add up', statement: anEvent('status_changed', '{"from": "active", "to": "completed"}') },
  { name: 'events completed it', statement: anEvent('status_changed', '{"from": "active", "to": "completed"}') },
  { name: 'events made it active again', statement: anEvent('status_changed', '{"from": "completed", "to": "active"}') },
  {
    name: 'sleep and waking add up',
    of: withEvent('dormant'),
    statement: `INSERT INTO session_lifecycle (session_id, event_type) SELECT $1::uuid, 'dormant' FROM generate_series(1, 2)`,
  },
  {
    name: 'an archived session has an object and no hot entries',
    statement: `INSERT INTO context_history (session_id, sequence_number, context_type, content) VALUES ($1::uuid, 1, 'message', 'left')`,
  },
  { name: 'it cannot be read', statement: "UPDATE session_archives SET object_key = object_key || '-gone' WHERE session_id = $1::uuid" },
  {
    name: 'handoffs were archived',
    statement: 'UPDATE session_archives SET handoff_count = handoff_count + 1 WHERE session_id = $1::uuid',
  },
  { name: 'entries can be read', statement: 'UPDATE sessions SET last_sequence_number = last_sequence_number + 1 WHERE id = $1::uuid' },
  {
    name: 'is recorded as deleted and is there',
    statement: "INSERT INTO deletion_records (session_id, cause, deleted_by) VALUES ($1::uuid, 'retention', 'x')",
  },
  {
    name: 'and its events say pending',
    of: withEvent('handoff_rejected'),
    statement: `DELETE FROM session_lifecycle WHERE session_id = $1::uuid AND event_type = 'handoff_rejected'`,
  },
  {
    name: 'and its events say 2 handoff_accepted',
    of: withEvent('handoff_accepted'),
    statement: `INSERT INTO session_lifecycle (session_id, event_type, event_data)
      SELECT session_id, event_type, event_data FROM session_lifecycle WHERE id = ${eventOf('handoff_accepted')}`,
  },
  { name: '0 records say so', of: GONE, statement: 'DELETE FROM deletion_records WHERE session_id = $1::uuid' },
  { name: 'its events are not those of one life', of: GONE, statement: anEvent('expired') },
];

/** What would be stored of a handoff after a fault. */
const HANDOFF_FORGERIES: readonly { readonly name: string; readonly forge: (handoff: StoredHandoff) => readonly StoredHandoff[] }[] = [
  { name: 'it is stored as rejected', forge: (handoff) => [{ ...handoff, status: 'rejected' }] },
  { name: 'it is stored as pending', forge: (handoff) => [{ ...handoff, status: 'pending', answered_by: null }] },
  { name: 'which was acknowledged, is lost', forge: () => [] },
  { name: 'is not what was asked for', forge: (handoff) => [{ ...handoff, target_agent: 'another', answered_by: 'another' }] },
  { name: 'has answered it', forge: (handoff) => [{ ...handoff, answered_by: 'another' }] },
  { name: 'was never asked for', forge: (handoff) => [handoff, { ...handoff, id: randomUUID(), status: 'pending', answered_by: null }] },
  { name: 'a handoff is stored twice', forge: (handoff) => [handoff, handoff] },
];

interface Expected {
  readonly name: string;
  /** What a fault that names it must also say: a session or a handoff. */
  readonly subjects: readonly string[];
}

/** Does what must never happen, and resolves with what the judge did not notice: a judge that notices nothing proves nothing. */
export async function unseenTampering(evidence: Evidence, ledger: Ledger): Promise<readonly string[]> {
  const used: string[] = [];
  const expected: Expected[] = [];
  const impossible: string[] = [];
  for (const { name, of, statement } of FORGERIES) {
    const victim = await findVictim(evidence.database, of, used);
    if (victim === undefined) impossible.push(name);
    else {
      used.push(victim.id);
      await evidence.database.query(statement, [victim.id]);
      const handoffs = (await evidence.handoffs()).filter(({ session_id: id }) => id === victim.id).map(({ id }) => id);
      expected.push({ name, subjects: [victim.id, `${victim.session_key}:`, ...handoffs] });
    }
  }
  const forged = await forgedHandoffs(evidence, used, expected, impossible);
  expected.push(...forgedMemories(ledger, used, (await evidence.database.query<Victim>('SELECT id, session_key FROM sessions')).rows));
  const { faults } = await judge({ ...evidence, handoffs: () => Promise.resolve(forged) }, ledger);
  return [
    ...impossible.map((name) => `There was nothing that could be forged: ${name}`),
    ...expected
      .filter(({ name, subjects }) => !faults.some((fault) => fault.includes(name) && subjects.some((subject) => fault.includes(subject))))
      .map(({ name }) => `The judge did not notice what was forged: ${name}`),
  ];
}

async function findVictim(database: pg.Pool, of: string | undefined, used: readonly string[]): Promise<Victim | undefined> {
  const text =
    of === GONE
      ? "SELECT session_id AS id, 'none' AS session_key FROM deletion_records d WHERE session_id <> ALL ($1::uuid[]) AND NOT EXISTS (SELECT FROM sessions s WHERE s.id = d.session_id) ORDER BY 1 LIMIT 1"
      : `SELECT s.id, s.session_key FROM sessions s WHERE s.id <> ALL ($1::uuid[]) AND s.archived_at IS NOT NULL AND ${of ?? 'true'} ORDER BY s.id LIMIT 1`;
  return (await database.query<Victim>(text, [used])).rows[0];
}

/** Handoffs as they are stored, with some that are not as they were: each of another session, and one that was accepted. */
async function forgedHandoffs(evidence: Evidence, used: string[], expected: Expected[], impossible: string[]): Promise<StoredHandoff[]> {
  const stored = [...(await evidence.handoffs())];
  for (const { name, forge } of HANDOFF_FORGERIES) {
    const place = stored.findIndex(({ status, session_id: id }) => status === 'accepted' && !used.includes(id));
    const victim = stored[place];
    if (victim === undefined) impossible.push(name);
    else {
      used.push(victim.session_id);
      stored.splice(place, 1, ...forge(victim));
      const { rows } = await evidence.database.query<Victim>('SELECT id, session_key FROM sessions WHERE id = $1', [victim.session_id]);
      expected.push({ name, subjects: [victim.id, ...rows.map(({ session_key: key }) => `${key}:`)] });
    }
  }
  return stored;
}

/** What clients were told and is not so. */
function forgedMemories(ledger: Ledger, used: readonly string[], stored: readonly Victim[]): Expected[] {
  const free = stored.filter(({ id }) => !used.includes(id)).flatMap(({ session_key: key }) => ledger.sessions.get(key) ?? []);
  const [lost, unsent, accepted] = [
    free.find(() => true),
    free.findLast(({ entries }) => entries.length > 0),
    free.find(({ handoffs }, index) => index > 0 && handoffs.some(({ id, told }) => id !== undefined && told === 'pending')),
  ];
  lost?.entries.push({ content: 'never sent', sequenceNumber: 1 });
  unsent?.entries.splice(0);
  for (const handoff of accepted?.handoffs ?? []) {
    if (handoff.id === undefined || handoff.told !== 'pending') continue;
    handoff.attempt('accept');
    handoff.done('accept', false);
  }
  // More than those whose registration had no answer, which may be among the deleted.
  const enough = ledger.sessions.size + 1;
  for (let number = 0; number < enough; number += 1) ledger.open(`phantom-${number}`).registered = true;
  return [
    { name: 'is lost or differs', subjects: [`${lost?.key ?? 'none'}:`] },
    { name: 'was never sent', subjects: [`${unsent?.key ?? 'none'}:`] },
    { name: 'it is pending, and by what was told it can only be accepted', subjects: [`${accepted?.key ?? 'none'}:`] },
    { name: 'registered sessions are not there', subjects: [''] },
  ];
}
