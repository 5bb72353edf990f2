import { stateOf } from '../sessionState.js';
import type { SessionState } from '../sessionState.js';
import type { JsonObject } from '../types.js';
import type { LifecycleRow, SessionHandoff } from './sql/readLifecycle.js';

export interface LifecycleEvent {
  readonly id: string;
  readonly eventType: string;
  readonly eventData: JsonObject;
  readonly createdAt: Date;
}

/** Where a session stands and how it came there. */
export interface SessionLifecycle {
  readonly sessionKey: string;
  readonly sessionId: string;
  /** One that was purged is not found. */
  readonly state: Exclude<SessionState, 'purged'>;
  readonly agentFrom: string;
  readonly agentTo: string | null;
  readonly times: {
    readonly registeredAt: Date;
    readonly lastActivityAt: Date;
    /** When it expires unless there is activity; for an ended session when it is archived at the latest. Null: never. */
    readonly expiresAt: Date | null;
    readonly archivedAt: Date | null;
    /** When the archive may be deleted; null while it is not archived. A hold overrides it. */
    readonly purgeAfter: Date | null;
  };
  /** The retention policy and what it says now; the figures are null if neither it nor `standard` exists. */
  readonly policy: {
    readonly name: string;
    readonly activeSessionTtlHours: number | null;
    readonly archivedSessionTtlDays: number | null;
    readonly dormantThresholdHours: number | null;
  };
  /** A legal hold, under which nothing is deleted. Its reason is for operators. */
  readonly hold: { readonly placedAt: Date } | null;
  readonly archive: { readonly writtenAt: Date; readonly storedBytes: number; readonly entries: number; readonly handoffs: number } | null;
  /** The newest first; those of an archived session are in its archive. */
  readonly handoffs: readonly SessionHandoff[];
  /** In order, a page. */
  readonly events: readonly LifecycleEvent[];
}

export function toLifecycle(row: LifecycleRow, events: readonly LifecycleEvent[]): SessionLifecycle {
  return {
    sessionKey: row.session_key,
    sessionId: row.id,
    state: stateOf({ status: row.status, isDormant: row.is_dormant, isArchived: row.archived_at !== null }),
    agentFrom: row.agent_from,
    agentTo: row.agent_to,
    times: {
      registeredAt: row.created_at,
      lastActivityAt: row.last_activity_at,
      expiresAt: row.expires_at,
      archivedAt: row.archived_at,
      purgeAfter: row.purge_after,
    },
    policy: {
      name: row.retention_policy,
      activeSessionTtlHours: row.active_session_ttl_hours,
      archivedSessionTtlDays: row.archived_session_ttl_days,
      dormantThresholdHours: row.dormant_threshold_hours,
    },
    hold: row.held_since === null ? null : { placedAt: row.held_since },
    archive:
      row.archive_written_at === null
        ? null
        : {
            writtenAt: row.archive_written_at,
            storedBytes: row.archive_bytes ?? 0,
            entries: row.archive_entries ?? 0,
            handoffs: row.archive_handoffs ?? 0,
          },
    handoffs: row.handoffs,
    events,
  };
}
