/** Names one session. */
export type SessionReference = { readonly sessionId: string } | { readonly sessionKey: string };

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** $1 and $2 of the statements that take a session by id or by key. An id that cannot be one finds nothing. */
export function referenceValues(reference: SessionReference): readonly [id: string | null, key: string | null] {
  if ('sessionKey' in reference) return [null, reference.sessionKey];
  return [UUID.test(reference.sessionId) ? reference.sessionId : null, null];
}
