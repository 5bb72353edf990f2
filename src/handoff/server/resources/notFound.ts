import { ResourceNotFoundError } from '@modelcontextprotocol/server';

/** Returns the protocol's resource-not-found error, naming the key. The SDK sends it as -32602 in both eras. */
export function unknownSession(uri: URL, sessionKey: string): ResourceNotFoundError {
  return new ResourceNotFoundError(
    uri.href,
    `Session not found: ${sessionKey}. Register it with register_session, or look it up in handoff://sessions.`,
  );
}

/** Returns the same for an entry that a session does not have. */
export function unknownEntry(uri: URL, sessionKey: string, entry: number): ResourceNotFoundError {
  return new ResourceNotFoundError(
    uri.href,
    `Session ${sessionKey} has no entry ${entry}. The numbers of its entries are in handoff://context/${encodeURIComponent(sessionKey)}.`,
  );
}
