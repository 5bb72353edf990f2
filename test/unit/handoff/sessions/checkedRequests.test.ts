import { beforeEach, expect, it, vi } from 'vitest';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import type { Sessions } from '../../../../src/handoff/sessions/sessions.js';
import type { Cache } from '../../../../src/handoff/storage/cache.js';
import type { Database } from '../../../../src/handoff/storage/database.js';

const query = vi.fn(async () => []);
let sessions: Sessions;
beforeEach(() => {
  query.mockClear();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const database = { kind: 'postgres', query } as unknown as Database;
  ({ sessions } = createHandoffServices({ database, cache: { kind: 'memory' } as Cache, log }));
});

const entry = { sessionKey: 'k', contextType: 'message', content: 'x', metadata: {} };
const handoff = { sessionKey: 'k', targetAgent: 'b', requestType: 'full_handoff', requestData: {} };

it.each<[keyof Sessions, string, unknown]>([
  ['register', 'request', undefined],
  ['register', 'sessionKey', {}],
  ['register', 'sessionKey', { sessionKey: '', agentFrom: 'a', metadata: {} }],
  ['register', 'sessionKey', { sessionKey: '😀'.repeat(256), agentFrom: 'a', metadata: {} }],
  ['register', 'metadata', { sessionKey: 'k', agentFrom: 'a' }],
  ['register', 'metadata', { sessionKey: 'k', agentFrom: 'a', metadata: [] }],
  ['append', 'contextType', { ...entry, contextType: 'constructor' }],
  ['append', 'content', { ...entry, content: 5 }],
  ['append', 'agent', { ...entry, agent: '' }],
  ['append', 'metadata', { ...entry, metadata: null }],
  ['handOff', 'requestType', { ...handoff, requestType: 'bogus' }],
  ['handOff', 'requestData', { ...handoff, requestData: undefined }],
  ['analyse', 'filePaths', { sessionKey: 'k', filePaths: 'a.ts', analysisType: 'full' }],
  ['context', 'afterSequenceNumber', { sessionKey: 'k', limit: 5 }],
  ['context', 'limit', { sessionKey: 'k', afterSequenceNumber: 0 }],
  ['context', 'limit', { sessionKey: 'k', afterSequenceNumber: 0, limit: NaN }],
  ['part', 'part', { sessionKey: 'k', part: 'toString', offset: 0 }],
  ['summary', 'sessionKey', 5],
  ['list', 'limit', {}],
  ['list', 'limit', { limit: -5 }],
  ['list', 'status', { limit: 5, status: 'archived' }],
  ['listHandoffs', 'limit', { agent: 'b' }],
  ['listHandoffs', 'agent', { limit: 5 }],
  ['acceptHandoff', 'handoffId', { sessionKey: 'k', agent: 'b', handoffId: 'newest' }],
  ['rejectHandoff', 'answer', { sessionKey: 'k', agent: 'b', answer: 'busy' }],
  ['completeHandoff', 'agent', { sessionKey: 'k' }],
  ['lifecycle', 'limit', { sessionKey: 'k', limit: 1.5 }],
])('%s names %s and sends nothing, given %j', async (method, argument, request) => {
  const call = sessions[method] as (given: unknown) => Promise<unknown>;
  await expect(call(request)).rejects.toMatchObject({ code: 'HANDOFF_INVALID_ARGUMENT', data: { argument } });
  expect(query).not.toHaveBeenCalled();
});

it.each<[keyof Sessions, unknown]>([
  ['context', { sessionKey: 'k', afterSequenceNumber: 0, limit: 1, contextType: undefined }],
  ['list', { limit: 2_147_483_647, dormant: false, cursor: undefined }],
  ['listHandoffs', { agent: 'b', limit: 1, isOnlyALook: true }],
  ['acceptHandoff', { sessionKey: 'k', agent: 'b', handoffId: undefined }],
  ['acceptHandoff', { sessionKey: 'k', agent: 'b', handoffId: null, answer: null }],
  ['summary', 'k'],
])('%s takes %j', async (method, request) => {
  const call = sessions[method] as (given: unknown) => Promise<unknown>;
  await call(request);
  expect(query).toHaveBeenCalled();
});

it('null for what may be missing is as if it were missing', async () => {
  await sessions.list({ limit: 5 });
  await sessions.list({ limit: 5, status: null, agent: null, dormant: null, cursor: null } as never);
  const [first, second] = query.mock.calls;
  expect(second).toEqual(first);
});
