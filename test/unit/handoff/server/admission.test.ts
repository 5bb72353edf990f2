import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { afterEach, expect, it } from 'vitest';
import { OverloadedError } from '../../../../src/errors/overloadedError.js';
import type { Admit } from '../../../../src/handoff/server/admit.js';
import { handoffServerFactory } from '../../../../src/handoff/server/createHandoffServer.js';
import { session } from '../sessions/samples.js';
import { fakeJobs } from './fakeJobs.js';
import { call, FakeSessions, LIMITS, read, summary } from './fakeSessions.js';

let client: Client | undefined;
afterEach(() => client?.close());

/** A server that asks `admit`, and what it asked. */
async function connect(admit: Admit, fake: FakeSessions): Promise<Client> {
  const [clientEnd, serverEnd] = InMemoryTransport.createLinkedPair();
  await handoffServerFactory({ sessions: fake.sessions, jobs: fakeJobs, limits: LIMITS, version: '1', admit })().connect(serverEnd);
  client = new Client({ name: 'test', version: '1' });
  await client.connect(clientEnd);
  return client;
}

const refuse: Admit = () => Promise.reject(new OverloadedError('queue_full', 250));

it('a tool call that is not admitted says so, and when to try again, and nothing was asked for', async () => {
  const fake = new FakeSessions({ summary: () => summary });
  const to = await connect(refuse, fake);
  const { isError, body } = await call(to, 'get_summary', { sessionKey: 'k' });
  expect(isError).toBe(true);
  expect(body).toEqual({
    success: false,
    error: 'Failed to read summary',
    code: 'HANDOFF_OVERLOADED',
    details: expect.stringContaining('nothing was changed') as string,
    retryAfterMs: 250,
  });
  expect(fake.calls).toEqual([]);
});

it('a resource that is not admitted fails with the same', async () => {
  const to = await connect(refuse, new FakeSessions({ summary: () => summary }));
  await expect(read(to, 'handoff://summary/k')).rejects.toMatchObject({
    code: -32603,
    data: { code: 'HANDOFF_OVERLOADED', retryAfterMs: 250 },
  });
});

it('what operators ask is not held up, nor is a call with invalid input', async () => {
  const to = await connect(refuse, new FakeSessions());
  expect((await call(to, 'get_job_status', {})).isError).toBe(false);
  expect(Object.keys((await read(to, 'handoff://jobs')).body as object)).toContain('session-cleanup');
  expect((await call(to, 'get_summary', {})).body).toMatchObject({ error: 'Invalid input' });
});

it('only calls whose duration tells something of the load are measured', async () => {
  const measured: boolean[] = [];
  const admit: Admit = (work, { isMeasured = true } = {}) => {
    measured.push(isMeasured);
    return work();
  };
  const to = await connect(
    admit,
    new FakeSessions({ summary: () => summary, append: () => ({ kind: 'session_not_active', status: session.status }) }),
  );
  await call(to, 'get_summary', { sessionKey: 'k' });
  await call(to, 'analyze_codebase', { sessionKey: 'k', filePaths: ['a.ts'] });
  await read(to, 'handoff://summary/k');
  expect(measured).toEqual([true, false, true]);
});

it('answers show what the server works without, and nothing while everything works', async () => {
  let off: object[] = [{ feature: 'cache', since: '2026-01-01T00:00:00.000Z', reason: 'ECONNREFUSED', effect: 'Slower.' }];
  const [clientEnd, serverEnd] = InMemoryTransport.createLinkedPair();
  const { sessions } = new FakeSessions({ summary: () => summary });
  await handoffServerFactory({ sessions, limits: LIMITS, version: '1', degraded: () => off })().connect(serverEnd);
  client = new Client({ name: 'test', version: '1' });
  await client.connect(clientEnd);
  expect((await call(client, 'get_summary', { sessionKey: 'k' })).body['degraded']).toEqual(off);
  expect((await call(client, 'get_summary', {})).body['degraded']).toEqual(off);
  expect((await read(client, 'handoff://summary/k')).content['_meta']).toEqual({ degraded: off });
  off = [];
  expect(Object.keys((await call(client, 'get_summary', { sessionKey: 'k' })).body)).not.toContain('degraded');
  expect((await read(client, 'handoff://summary/k')).content['_meta']).toBeUndefined();
});
