import type { Evidence, StoredHandoff } from './evidence.js';
import type { HandoffAccount } from './handoffAccount.js';
import type { SessionAccount } from './ledger.js';

/** How often each event of a handoff was recorded, by its id; events outlive the sessions that were deleted. */
const EVENTS = `
SELECT handoff_id, jsonb_object_agg(event_type, times) AS events FROM (
  SELECT event_data->>'handoff_id' AS handoff_id, event_type, count(*)::int AS times
  FROM session_lifecycle WHERE event_type LIKE 'handoff\\_%' GROUP BY 1, 2) AS counted
GROUP BY handoff_id`;

/** Each state, by the events that lead to it. */
const STATES: Readonly<Record<string, string>> = {
  '': 'pending',
  handoff_accepted: 'accepted',
  handoff_rejected: 'rejected',
  'handoff_accepted handoff_completed': 'completed',
  handoff_timed_out: 'timed_out',
};

export interface StoredSession {
  readonly id: string;
  readonly session_key: string;
  readonly events: Readonly<Record<string, number>>;
}

export interface HandoffVerdict {
  readonly compared: Readonly<Record<'handoffs' | 'acceptances' | 'rejections' | 'completions', number>>;
  readonly faults: readonly string[];
  /** Stored handoffs by session id. */
  readonly bySession: ReadonlyMap<string, readonly StoredHandoff[]>;
}

/** Compares what the clients were told of handoffs with what is stored of them and with their events. */
export async function judgeHandoffs(
  evidence: Evidence,
  accounts: ReadonlyMap<string, SessionAccount>,
  sessions: ReadonlyMap<string, StoredSession>,
): Promise<HandoffVerdict> {
  const stored = await evidence.handoffs();
  const { rows } = await evidence.database.query<{ handoff_id: string; events: Record<string, number> }>(EVENTS);
  const byEvents = new Map(rows.map(({ handoff_id: id, events }) => [id, stateOf(events)]));
  const bySession = Map.groupBy(stored, ({ session_id: id }) => id);
  const faults: string[] = [];
  for (const handoff of stored) faults.push(...ownFaults(handoff, byEvents.get(handoff.id) ?? 'pending'));
  for (const account of accounts.values()) {
    for (const handoff of account.handoffs) faults.push(...stateFaults(account.key, handoff, byEvents));
    const session = sessions.get(account.key);
    if (session !== undefined) faults.push(...sessionFaults(account, session, bySession.get(session.id) ?? []));
  }
  const states = [...byEvents.values()];
  const times = (wanted: readonly string[]): number => states.filter((state) => wanted.includes(state)).length;
  return {
    compared: {
      handoffs: stored.length,
      acceptances: times(['accepted', 'completed']),
      rejections: times(['rejected']),
      completions: times(['completed']),
    },
    faults,
    bySession,
  };
}

/** The state that events lead to, or these events if they lead nowhere. */
function stateOf(events: Readonly<Record<string, number>>): string {
  const names = Object.entries(events).map(([name, times]) => (times === 1 ? name : `${times} ${name}`));
  const all = names.sort().join(' ');
  return STATES[all] ?? all;
}

/** A handoff must be what its own events say. */
function ownFaults({ id, status, answered_by: by, target_agent: target }: StoredHandoff, byEvents: string): string[] {
  const faults: string[] = [];
  if (status !== byEvents) faults.push(`handoff ${id}: it is stored as ${status}, and its events say ${byEvents}`);
  const isAnswered = status !== 'pending' && status !== 'timed_out';
  if (by !== (isAnswered ? target : null)) faults.push(`handoff ${id}: it is ${status}, and ${by ?? 'nobody'} has answered it`);
  return faults;
}

function stateFaults(key: string, { id, possible }: HandoffAccount, byEvents: ReadonlyMap<string, string>): string[] {
  if (id === undefined) return [];
  const state = byEvents.get(id) ?? 'pending';
  return possible.has(state)
    ? []
    : [`${key}: handoff ${id}: it is ${state}, and by what was told it can only be ${[...possible].join(' or ')}`];
}

function sessionFaults({ key, handoffs }: SessionAccount, { events }: StoredSession, stored: readonly StoredHandoff[]): string[] {
  const faults: string[] = [];
  const byId = new Map(stored.map((handoff) => [handoff.id, handoff]));
  if (byId.size !== stored.length) faults.push(`${key}: a handoff is stored twice`);
  for (const { id, requestType, target } of handoffs) {
    if (id === undefined) continue;
    const found = byId.get(id);
    if (found === undefined) faults.push(`${key}: handoff ${id}, which was acknowledged, is lost`);
    else if (found.request_type !== requestType || found.target_agent !== target)
      faults.push(`${key}: handoff ${id} is not what was asked for: ${found.request_type} to ${found.target_agent}`);
    byId.delete(id);
  }
  // What is left can only be what had no answer.
  const uncertain = handoffs.filter(({ id }) => id === undefined).map(({ requestType }) => requestType);
  for (const { id, request_type: type } of byId.values()) {
    const place = uncertain.indexOf(type);
    if (place === -1) faults.push(`${key}: handoff ${id} was never asked for`);
    else uncertain.splice(place, 1);
  }
  const full = stored.filter(({ request_type: type }) => type === 'full_handoff');
  const accepted = full.filter(({ status }) => status === 'accepted' || status === 'completed');
  const completions = events['to_completed'] ?? 0;
  const returns = events['to_active'] ?? 0;
  if (completions !== full.length) faults.push(`${key}: ${full.length} full handoffs are stored, and ${completions} events completed it`);
  if (returns !== accepted.length)
    faults.push(`${key}: ${accepted.length} full handoffs of it were accepted, and ${returns} events made it active again`);
  return faults;
}
