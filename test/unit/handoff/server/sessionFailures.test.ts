import { expect, it } from 'vitest';
import { notActive } from '../../../../src/handoff/server/tools/sessionFailures.js';

it.each([
  ['completed', /accept_handoff.*registers a new session/u],
  ['expired', /register a new session/u],
  ['archived', /register a new session/u],
])('a session that is %s tells how to continue', (status, hint) => {
  const [error, body] = notActive('key', status);
  expect(error).toBe('Session is not active');
  expect(body).toEqual({ sessionKey: 'key', currentStatus: status, hint: expect.stringMatching(hint) });
  if (status !== 'completed') expect(body).not.toMatchObject({ hint: expect.stringContaining('accept_handoff') });
});
