import { isUuid } from '../../values/uuid.js';

/** Names one session. */
export type SessionReference = { readonly sessionId: string } | { readonly sessionKey: string };

/** $1 and $2 of the statements that take a session by id or by key. An id that cannot be one finds nothing. */
export function referenceValues(reference: SessionReference): readonly [id: string | null, key: string | null] {
  if ('sessionKey' in reference) return [null, reference.sessionKey];
  return [isUuid(reference.sessionId) ? reference.sessionId : null, null];
}
