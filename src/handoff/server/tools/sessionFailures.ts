/** Business failures several tools share (handoff contract 1.3), with what to do about them. */

export function notFound(sessionKey: string): [error: string, body: object] {
  return [
    'Session not found',
    { sessionKey, hint: 'Register it with register_session, or look it up with list_sessions or in handoff://sessions.' },
  ];
}

export function notActive(sessionKey: string, currentStatus: string): [error: string, body: object] {
  return [
    'Session is not active',
    { sessionKey, currentStatus, hint: 'It can be read but no longer changed. Register a new session to go on.' },
  ];
}

export function entryNotFound(sessionKey: string, entry: number): [error: string, body: object] {
  return ['Entry not found', { sessionKey, entry, hint: 'The sequenceNumber of each entry is in the answer of get_context.' }];
}
