/** States of a session, in the order in which it may pass through them. `purged` has no row any more. */
export const sessionStates = ['active', 'dormant', 'completed', 'expired', 'archived', 'purged'] as const;
export type SessionState = (typeof sessionStates)[number];

/** What a row of `sessions` says about the state. */
export interface StateColumns {
  readonly status: string;
  readonly isDormant: boolean;
  readonly isArchived: boolean;
}

/**
 * Returns the state of a stored session. An archived session is archived, whatever its status; only an active one can be dormant.
 * `cancelled`, which an earlier schema knew and nothing sets, counts as completed; so does any unknown status, because such a
 * session takes no entries.
 */
export function stateOf({ status, isDormant, isArchived }: StateColumns): Exclude<SessionState, 'purged'> {
  if (isArchived) return 'archived';
  if (status === 'active') return isDormant ? 'dormant' : 'active';
  return status === 'expired' ? 'expired' : 'completed';
}
