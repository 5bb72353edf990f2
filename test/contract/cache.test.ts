import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handoffFixture } from '../setup/handoffFixture.js';
import type { HandoffFixture } from '../setup/handoffFixture.js';

/** Keys, times to live and values that readers outside this server rely on (handoff contract 1.4). */

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture({ maxPackageBytes: 10_000 });
});
beforeEach(() => {
  fixture.cache.entries.clear();
  fixture.cache.failing = false;
});
afterAll(() => fixture.dispose());

const register = (sessionKey: string) => fixture.sessions.register({ sessionKey, agentFrom: 'planner', metadata: { ticket: 7 } });
const append = (sessionKey: string, content: string) =>
  fixture.sessions.append({ sessionKey, contextType: 'message', content, metadata: { agent: 'planner' } });
const handOff = (sessionKey: string) =>
  fixture.sessions.handOff({ sessionKey, targetAgent: 'builder', requestType: 'full_handoff', requestData: { why: 'night' } });

function cached(key: string): { readonly ttlSeconds: number | undefined; readonly value: Record<string, unknown> } {
  const entry = fixture.cache.entries.get(key);
  return { ttlSeconds: entry?.ttlSeconds, value: JSON.parse(entry?.value ?? 'null') as Record<string, unknown> };
}

it('register_session caches nothing', async () => {
  await register('c-reg');
  expect([...fixture.cache.entries.keys()]).toEqual([]);
});

it('update_context caches the latest context for an hour', async () => {
  await register('c-upd');
  const outcome = await append('c-upd', 'y'.repeat(300));
  expect([...fixture.cache.entries.keys()]).toEqual(['session:c-upd:latest_context']);
  const { ttlSeconds, value } = cached('session:c-upd:latest_context');
  expect(ttlSeconds).toBe(3600);
  expect(Object.keys(value)).toEqual(['lastUpdate', 'contextType', 'sequenceNumber', 'preview']);
  if (outcome.kind !== 'appended') throw new Error(outcome.kind);
  expect(value).toEqual({
    lastUpdate: outcome.entry.createdAt.toISOString(),
    contextType: 'message',
    sequenceNumber: 2,
    preview: `${'y'.repeat(200)}...`,
  });
});

describe('request_handoff', () => {
  it('caches the package for a day, as the session was before', async () => {
    await register('c-ho');
    await append('c-ho', 'with "quotes", \u0001 and 😀');
    fixture.cache.entries.clear();
    await handOff('c-ho');
    expect([...fixture.cache.entries.keys()]).toEqual(['handoff:builder:c-ho']);
    const { ttlSeconds, value } = cached('handoff:builder:c-ho');
    expect(ttlSeconds).toBe(86400);
    expect(Object.keys(value)).toEqual([
      'sessionKey',
      'sourceAgent',
      'targetAgent',
      'requestType',
      'handoffSummary',
      'fullContext',
      'requestData',
      'timestamp',
    ]);
    expect(value).toMatchObject({
      sessionKey: 'c-ho',
      sourceAgent: 'planner',
      targetAgent: 'builder',
      requestType: 'full_handoff',
      requestData: { why: 'night' },
    });
    const { session, contextHistory, summary } = value['fullContext'] as {
      session: object;
      contextHistory: object[];
      summary: { summary: string };
    };
    expect(session).toMatchObject({ sessionKey: 'c-ho', agentTo: null, status: 'active' });
    expect(value['handoffSummary']).toBe(summary.summary);

    // The package and the resource, which goes another way from row to JSON, must tell the same.
    const context = await fixture.sessions.context({ sessionKey: 'c-ho', afterSequenceNumber: 0, limit: 2 });
    expect(contextHistory).toEqual(JSON.parse(JSON.stringify(context?.contextHistory)));
    expect(contextHistory.map((entry) => Object.keys(entry))).toEqual(context?.contextHistory.map((entry) => Object.keys(entry)));
  });

  it('caches no package for a handoff that was refused', async () => {
    await handOff('c-nobody');
    expect([...fixture.cache.entries.keys()]).toEqual([]);
  });

  it('leaves a history out that is larger than a package may be, and says how large it is', async () => {
    await register('c-large');
    for (let n = 0; n < 3; n += 1) await append('c-large', '€'.repeat(1300));
    expect(await handOff('c-large')).toMatchObject({ kind: 'handed_off', contextEntries: 4 });
    expect(cached('handoff:builder:c-large').value).toMatchObject({
      fullContext: { contextHistory: [], summary: { messageCount: 3 } },
      contextOmitted: { entries: 4, contentBytes: 36 + 3 * 3900 },
    });
  });
});

it('a cache that fails, though it must not, fails no call', async () => {
  fixture.cache.failing = true;
  expect(await register('c-broken')).toMatchObject({ kind: 'registered' });
  expect(await append('c-broken', 'x')).toMatchObject({ kind: 'appended' });
  expect(await handOff('c-broken')).toMatchObject({ kind: 'handed_off', contextEntries: 2 });
  const client = await fixture.connect();
  expect(await client.callTool({ name: 'register_session', arguments: { sessionKey: 'c-broken-2', agentFrom: 'a' } })).not.toMatchObject({
    isError: true,
  });
  expect(
    await client.callTool({ name: 'update_context', arguments: { sessionKey: 'c-broken-2', contextType: 'file', content: 'x' } }),
  ).not.toMatchObject({ isError: true });
});
