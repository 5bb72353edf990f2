/** Business failures several tools share (handoff contract 1.3), with advice on what to do. */

const TAKE_OVER =
  'To continue, the target of its full handoff calls accept_handoff, if that handoff is still open; anyone else registers a new session.';

export function notFound(sessionKey: string): [error: string, body: object] {
  return [
    'Session not found',
    { sessionKey, hint: 'Register it with register_session, or look it up with list_sessions or in handoff://sessions.' },
  ];
}

export function notActive(sessionKey: string, currentStatus: string): [error: string, body: object] {
  return [
    'Session is not active',
    {
      sessionKey,
      currentStatus,
      hint: `It can be read but no longer changed. ${currentStatus === 'completed' ? TAKE_OVER : 'To continue, register a new session.'}`,
    },
  ];
}

export function entryNotFound(sessionKey: string, entry: number): [error: string, body: object] {
  return ['Entry not found', { sessionKey, entry, hint: 'get_context returns the sequenceNumber of each entry.' }];
}
