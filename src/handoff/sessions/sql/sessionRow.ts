import { shownMetadata } from '../callersKeys.js';
import type { JsonObject, Session } from '../types.js';

/** Columns of `sessions` in the order every statement selects them. */
export const SESSION_COLUMNS =
  'id, session_key, agent_from, agent_to, status, created_at, updated_at, expires_at, metadata, last_activity_at, is_dormant, archived_at, retention_policy, ttl_hours';

/** The same without the metadata, whose size the statements limit. */
export const PLAIN_COLUMNS = SESSION_COLUMNS.split(', ').filter((column) => column !== 'metadata');

export interface SessionRow {
  readonly id: string;
  readonly session_key: string;
  readonly agent_from: string;
  readonly agent_to: string | null;
  readonly status: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly expires_at: Date | null;
  readonly metadata: JsonObject | null;
  readonly last_activity_at: Date | null;
  readonly is_dormant: boolean | null;
  readonly archived_at: Date | null;
  readonly retention_policy: string | null;
  /** NULL where the time of expiry was fixed by hand. */
  readonly ttl_hours: number | null;
}

/** A session whose metadata is left out where it is too large. */
export interface BoundedSessionRow extends SessionRow {
  readonly metadata_left_out: boolean;
}

export function toBoundedSession(row: BoundedSessionRow): Session {
  const session = toSession(row);
  return row.metadata_left_out ? { ...session, cut: { metadata: { nextOffset: 0 } } } : session;
}

/** Rows an earlier server wrote may hold NULL where columns were added later; the defaults are the contract's. */
export function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    sessionKey: row.session_key,
    agentFrom: row.agent_from,
    agentTo: row.agent_to,
    status: row.status,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: expiry(row),
    metadata: shownMetadata(row.metadata),
    lastActivityAt: row.last_activity_at ?? row.updated_at,
    isDormant: row.is_dormant ?? false,
    archivedAt: row.archived_at,
    retentionPolicy: row.retention_policy ?? 'standard',
  };
}

const MS_PER_HOUR = 3_600_000;

/**
 * Activity extends the life of a session without writing `expires_at`, which is only the earliest time at which it is looked at. One that
 * has expired has that time, also where an operator ended it before the end of its time to live; one that was restored, the time until
 * which it stays out of the archive.
 */
function expiry({
  status,
  expires_at: earliest,
  ttl_hours: ttlHours,
  last_activity_at: lastActivityAt,
  updated_at: updatedAt,
}: SessionRow): Date | null {
  if (earliest === null || ttlHours === null || status === 'expired') return earliest;
  return new Date(Math.max(earliest.getTime(), (lastActivityAt ?? updatedAt).getTime() + ttlHours * MS_PER_HOUR));
}
