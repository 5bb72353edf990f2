import { expect, it } from 'vitest';
import { SESSION_COLUMNS, toSession } from '../../../../src/handoff/sessions/sql/sessionRow.js';
import { session } from './samples.js';

const row = {
  id: session.id,
  session_key: session.sessionKey,
  agent_from: session.agentFrom,
  agent_to: null,
  status: 'active',
  created_at: session.createdAt,
  updated_at: session.updatedAt,
  expires_at: session.expiresAt,
  metadata: session.metadata,
  last_activity_at: session.lastActivityAt,
  is_dormant: false,
  archived_at: null,
  retention_policy: 'standard',
  ttl_hours: 23,
};

it("is selected and shown in the contract's order", () => {
  expect(SESSION_COLUMNS.split(', ')).toEqual(Object.keys(row));
  expect(toSession(row)).toEqual(session);
  expect(Object.keys(toSession(row))).toEqual(Object.keys(session));
});

it("takes the contract's defaults where an earlier server left NULL", () => {
  expect(toSession({ ...row, metadata: null, last_activity_at: null, is_dormant: null, retention_policy: null })).toEqual({
    ...session,
    metadata: {},
    lastActivityAt: session.updatedAt,
    isDormant: false,
    retentionPolicy: 'standard',
  });
});

it('expires later than planned after activity, unless the time was fixed by hand', () => {
  const lastActivity = new Date('2026-01-01T20:00:00.000Z');
  expect(toSession({ ...row, last_activity_at: lastActivity }).expiresAt).toEqual(new Date('2026-01-02T19:00:00.000Z'));
  expect(toSession({ ...row, last_activity_at: lastActivity, ttl_hours: null }).expiresAt).toEqual(session.expiresAt);
  expect(toSession({ ...row, last_activity_at: lastActivity, expires_at: null }).expiresAt).toBeNull();
});
